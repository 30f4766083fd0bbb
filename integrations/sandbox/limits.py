"""Sliding windows per minute on a real clock, and daily quotas on the simulator's date."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


class MinuteWindow:
    """At most `limit` calls in any sixty seconds of real time."""

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._now = now
        self._calls: deque[float] = deque()

    def take(self) -> bool:
        """Count a call and say whether it was within the limit; refused ones do not count."""
        self._forget()
        if len(self._calls) >= self.limit:
            return False
        self._calls.append(self._now())
        return True

    @property
    def remaining(self) -> int:
        """How many calls fit right now."""
        self._forget()
        return self.limit - len(self._calls)

    @property
    def reset_seconds(self) -> int:
        """Whole seconds until the oldest call leaves the window."""
        return int(60 - (self._now() - self._calls[0])) + 1 if self._calls else 0

    def _forget(self) -> None:
        horizon = self._now() - 60
        while self._calls and self._calls[0] <= horizon:
            self._calls.popleft()


@dataclass(slots=True)
class DailyQuota:
    """Calls of one day against the package's quota; some quotas only bill the excess."""

    limit: int
    blocks: bool
    day: date | None = None
    used: int = 0

    def take(self, today: date) -> bool:
        """Count a call of today and say whether it may go on."""
        if today != self.day:
            self.day, self.used = today, 0
        if self.blocks and self.used >= self.limit:
            return False
        self.used += 1
        return True

    @property
    def remaining(self) -> int:
        """What is left today, never below zero."""
        return max(self.limit - self.used, 0)
