"""Secrets that can be told from anything else, and what there is to search for them."""

import base64
import hashlib
import io
import logging
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.db import connection
from django.http import HttpResponseBase

from settings.logs import configure

# All secrets begin alike, so that a text without any is told at a glance.
BEGINNING = "segredomarcado"


@dataclass(frozen=True)
class Secret:
    """A secret put in one place. `core` is letters and digits: no escaping changes it."""

    place: str

    @property
    def core(self) -> str:
        return BEGINNING + hashlib.sha256(self.place.encode()).hexdigest()[:16]

    @property
    def text(self) -> str:
        """What somebody would type: with all that JSON, HTML and addresses spell otherwise."""
        return f"\"é☂ /{self.core}&<%'+"

    def spellings(self) -> list[str]:
        """Return what to look for: the core, and what base64 and hexadecimal make of it."""
        return _spelled(self.core)


def _spelled(core: str) -> list[str]:
    plain, found = core.encode(), [core, core.encode().hex()]
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + plain).decode()
        # The digits at both ends also depend on what stands beside it.
        found.append(encoded[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6])
    return found


_BEGINNINGS = _spelled(BEGINNING)


def found_in(text: str, secrets: Iterable[Secret]) -> list[str]:
    """Return the places whose secrets a text gives away."""
    lowered = text.lower()
    if not any(start in text or start in lowered for start in _BEGINNINGS):
        return []  # no secret at all: most texts, and this is quick
    return [
        secret.place
        for secret in secrets
        if any(form in text or form in lowered for form in secret.spellings())
    ]


def told_by(response: HttpResponseBase) -> str:
    """Return everything an answer says: headers, cookies, body, what is inside of files."""
    body = b"".join(response) if response.streaming else response.content
    return "\n".join([str(response.headers), str(response.cookies), *_texts(body)])


def _texts(body: bytes) -> Iterator[str]:
    yield body.decode(errors="replace")
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode(errors="replace")
    if body.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(body) as document:
            for page in document:
                yield page.get_textpage().get_text_bounded()


def database_text() -> str:
    """Return every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables ORDER BY relname")
        tables = [name for (name,) in cursor.fetchall()]
        rows: list[str] = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows)


class Lines(io.StringIO):
    """Takes lines of logs in and keeps those that give something away."""

    def __init__(self, is_leak: Callable[[str], object]) -> None:
        super().__init__()
        self.count, self.leaks, self._is_leak = 0, list[str](), is_leak

    def write(self, text: str) -> int:
        """Look at a line, and forget it."""
        self.count += 1
        if self._is_leak(text):
            self.leaks.append(text[:2000])
        return len(text)


@contextmanager
def all_logs(is_leak: Callable[[str], object]) -> Iterator[Lines]:
    """Look at what every logger writes from DEBUG on, as production writes it."""
    written = Lines(is_leak)
    handler = _handler(written)
    root = logging.getLogger()
    # What the settings hold down on purpose stays down, as for an operator who looks for a fault.
    names = set(logging.root.manager.loggerDict) - set(configure(json_lines=True)["loggers"])
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, names))}
    for logger in levels:
        logger.setLevel(logging.DEBUG)
    # Here and nowhere else, whichever handlers a logger has: pytest's format each line twice more.
    before = logging.Logger.callHandlers
    logging.Logger.callHandlers = lambda _, record: handler.handle(record)  # type: ignore[assignment]
    try:
        yield written
    finally:
        logging.Logger.callHandlers = before  # type: ignore[method-assign]
        for logger, level in levels.items():
            logger.setLevel(level)


def _handler(stream: io.StringIO) -> logging.Handler:
    options: dict[str, Any] = dict(configure(json_lines=True)["formatters"]["structured"])
    factory = options.pop("()")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(factory(**options))
    handler.addFilter(_WithoutFrames())
    return handler


class _WithoutFrames(logging.Filter):
    """Of a name that a template did not find, keep once what was said: where it was looked for.

    There are some ten thousand in a walk. Their frames are lines of Django's source, and writing
    them out took half of the time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said = set[str]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten a record; refuse one that says what was said before."""
        if record.name != "django.template" or not record.exc_info:
            return True
        said = f"{record.getMessage()} {record.exc_info[1]}"
        record.msg, record.args, record.exc_info = said, (), None
        is_new = said not in self._said
        self._said.add(said)
        return is_new
