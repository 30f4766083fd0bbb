"""Medians, and the shape of a figure in bench.json."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def seconds(action: Callable[[], object]) -> float:
    """Return how long one call took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median_of(rounds: int, action: Callable[[], float]) -> float:
    """Run once to warm up, then return the median of `rounds` measurements."""
    action()
    return statistics.median(action() for _ in range(rounds))


def figure(value: float, goal: str, unit: str, detail: str) -> dict[str, Any]:
    """Return one entry of bench.json; `goal` is a comparison such as "<= 2.5"."""
    return {"value": round(value, 3), "goal": goal, "unit": unit, "detail": detail}
