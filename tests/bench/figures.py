"""Every row of the performance goals that exists so far."""

import os
from collections.abc import Callable
from typing import Any

from tests.bench import desk, inbox, mirror, opening, queue, quotes, scaling, sienge_calls

Measured = dict[str, dict[str, Any]]


def measure(size: int, rounds: int, only: str) -> Measured:
    """Measure the figures whose key starts with `only`."""
    parts: list[tuple[str, Callable[[], Measured]]] = [
        ("mirror.first_load mirror.speedup", lambda: mirror.first_load(size, rounds)),
        ("mirror.repeat", lambda: mirror.repeat(size, rounds)),
        ("mirror.peak mirror.flat mirror.scale", lambda: scaling.scaling(rounds)),
        ("quote.bulk", lambda: quotes.bulk(max(size, quotes.SIZE), rounds)),
        ("quote.one_debtor", lambda: quotes.one_debtor(rounds)),
        ("sienge.calls", sienge_calls.calls),
        ("desk.open_erp_off_ratio", lambda: opening.opening(rounds)),
        (
            "desk.page_vs_template desk.page_vs_bare desk.search_vs_page",
            lambda: desk.desk(size if os.environ.get("DESKDEV") else max(size, desk.SIZE), rounds),
        ),
        ("intake.", lambda: inbox.intake(rounds)),
        ("inbox.", lambda: inbox.processing(rounds)),
        ("queue.next_vs_lock queue.refresh", lambda: queue.measure(max(size, queue.SIZE), rounds)),
    ]
    found: Measured = {}
    for keys, part in parts:
        if any(key.startswith(only) or only.startswith(key) for key in keys.split()):
            found |= part()
    return found
