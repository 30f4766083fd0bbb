"""Instants of a simulator, for what is due in minutes while its clock knows only days."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

_OPENING = time_of_day(9)


class Instants:
    """An instant that flows with real time, faster or not at all, and jumps with the date."""

    def __init__(self, on: date, *, now: Callable[[], float] = time.monotonic) -> None:
        self._real = now
        self._base = datetime.combine(on, _OPENING)
        self._since = now()
        self.speed = 1

    def now(self) -> datetime:
        """Return the present instant."""
        return self._base + timedelta(seconds=(self._real() - self._since) * self.speed)

    def flow(self, speed: int) -> None:
        """Let time pass so many times faster than real time; at 0 it stands still."""
        self._base, self._since, self.speed = self.now(), self._real(), speed

    def jump(self, *, days: int = 0, minutes: int = 0) -> None:
        """Move the instant at once."""
        self._base += timedelta(days=days, minutes=minutes)

    def reach(self, at: datetime) -> None:
        """Jump to an instant unless it has passed."""
        self._base += max(at - self.now(), timedelta())

    def real_seconds_until(self, at: datetime) -> float | None:
        """Return how long somebody who waits for an instant has to wait; None is for ever."""
        if not self.speed:
            return None
        return max((at - self.now()).total_seconds() / self.speed, 0)
