"""How many calls each endpoint received, so that tests can hold a client to its budget."""

import threading
from collections import Counter, deque
from typing import Any


class CallLog:
    """Counts per channel (rest, bulk, ...) and endpoint, and the last calls one by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[str]] = {}
        self._last: deque[dict[str, Any]] = deque(maxlen=2_000)

    def record(self, channel: str, endpoint: str, *, path: str, query: str, status: int) -> None:
        """Count one answered call."""
        entry = {"endpoint": endpoint, "path": path, "query": query, "status": status}
        with self._lock:
            self._counts.setdefault(channel, Counter())[endpoint] += 1
            self._last.append({"channel": channel, **entry})

    def reset(self) -> None:
        """Start counting again."""
        with self._lock:
            self._counts.clear()
            self._last.clear()

    def describe(self, *, detailed: bool = False) -> dict[str, Any]:
        """Return the counts and totals, with the last calls when asked."""
        with self._lock:
            counts = {channel: dict(sorted(c.items())) for channel, c in self._counts.items()}
            totals = {channel: sum(endpoints.values()) for channel, endpoints in counts.items()}
            answer: dict[str, Any] = {"total": sum(totals.values()), "totals": totals, **counts}
            if detailed:
                answer["last"] = list(self._last)
            return answer
