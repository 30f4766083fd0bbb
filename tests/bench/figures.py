"""Every row of the performance goals that exists so far."""

from collections.abc import Callable
from typing import Any

from tests.bench import mirror, quotes, scaling, sienge_calls

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
    ]
    found: Measured = {}
    for keys, part in parts:
        if any(key.startswith(only) or only.startswith(key) for key in keys.split()):
            found |= part()
    return found
