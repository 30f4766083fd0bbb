"""What a run knows of its reading: per stream, so that a stream read again counts once."""

from collections import Counter
from typing import Any

from integrations.core.connector import Page
from integrations.core.models import ImportRun

COUNTED = {"ContractRecord": "contracts", "InstallmentRecord": "installments"}


def staged_total(run: ImportRun) -> int:
    """Return how many rows the staging tables must hold."""
    return sum(stream["staged"] for stream in run.staged.values())


def issues_read(run: ImportRun) -> int:
    """Return how many issues were found while reading; the others, while applying."""
    return sum(stream["issues"] for stream in run.staged.values())


def pages_of(run: ImportRun, stream: str) -> list[int]:
    """Return the page numbers that a stream staged so far."""
    seen = run.staged.get(stream)
    return list(range(seen["first"], seen["last"] + 1)) if seen else []


def after_page(run: ImportRun, page: Page, number: int, staged: int) -> dict[str, Any]:
    """Return the columns of the run once `page` was staged as page `number`."""
    streams = dict(run.staged)
    before = None if page.restarts else streams.get(page.stream)
    streams[page.stream] = _grown(before, page, number, staged)
    details = dict(run.details)
    details["ignored"] = _summed(streams, "ignored")
    details["records"] = _summed(streams, "records")
    details["notices"] = sorted({*details.get("notices", []), *page.notices})
    return {
        "staged": streams,
        "cursor": dict(page.cursor),
        "pages": number,
        "pages_expected": page.expected or run.pages_expected,
        "read": sum(stream["read"] for stream in streams.values()),
        "ignored": sum(details["ignored"].values()),
        "issue_count": sum(stream["issues"] for stream in streams.values()),
        "details": details,
    }


def _grown(before: dict[str, Any] | None, page: Page, number: int, staged: int) -> dict[str, Any]:
    old = before or {"first": number, "staged": 0, "read": 0, "issues": 0}
    kinds = Counter(COUNTED.get(type(record).__name__, "") for record in page.records)
    del kinds[""]
    return {
        "first": old["first"],
        "last": number,
        "staged": old["staged"] + staged,
        "read": old["read"] + page.rows,
        "issues": old["issues"] + len(page.issues),
        "ignored": dict(Counter(old.get("ignored", {})) + Counter(page.ignored)),
        "records": dict(Counter(old.get("records", {})) + kinds),
    }


def _summed(streams: dict[str, Any], name: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for stream in streams.values():
        total.update(stream.get(name, {}))
    return dict(total)
