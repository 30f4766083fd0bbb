"""PDF links that live five minutes: of real time, or of what the clock is moved by."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.messages import Reply, html_page
from integrations.sienge.sandbox.world import World

PREFIX = "/reports/"
_LIFE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class _Report:
    title: str
    expires_at: float


class Reports:
    """Reports asked for, served once each until they expire."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._skipped = 0
        self._reports: dict[str, _Report] = {}

    def moved(self, *, days: int = 0, minutes: int = 0) -> None:
        """Let time pass at once."""
        self._skipped += days * 86_400 + minutes * 60

    def _seconds(self) -> float:
        return self.now() + self._skipped

    def publish(self, world: World, root: str, title: str) -> str:
        """Return the URL where a report can be fetched for five minutes."""
        report_id = world.new_uuid("report")
        self._reports[report_id] = _Report(title, self._seconds() + _LIFE_SECONDS)
        return f"{root}{PREFIX}{report_id}?expira={_LIFE_SECONDS}s"

    def answer(self, path: str) -> Reply:
        """Return the PDF; 404 when never published, 410 when too late."""
        report = self._reports.get(path.removeprefix(PREFIX))
        if report is None:
            return html_page(404, "Not Found")
        if self._seconds() > report.expires_at:
            return html_page(410, "Gone")
        return Reply(raw=_pdf(report.title), content_type="application/pdf")


def _pdf(title: str) -> bytes:
    """Return the smallest file that PDF readers open, with the title as its only text."""
    text = title.encode("ascii", "replace").replace(b"(", b"[").replace(b")", b"]")
    content = b"BT /F1 14 Tf 40 780 Td (" + text + b") Tj ET"
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
    )
    file, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(file))
        file += b"%d 0 obj%b endobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, start)
    return bytes(file)
