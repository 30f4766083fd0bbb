"""The simulator's date: real until somebody sets it, and never read from anywhere else."""

from datetime import date, datetime, time, timedelta


class Clock:
    """A calendar date that can be fixed and advanced, with reproducible instants in the day.

    Instants come from a counter of writes, not from the wall: the same actions replayed
    tomorrow give the same `modifiedAtDateTime`.
    """

    def __init__(self, on: date | None = None) -> None:
        self._fixed = on
        self._ticks = 0

    @property
    def is_fixed(self) -> bool:
        """Whether somebody set the date, so that it no longer follows the real one."""
        return self._fixed is not None

    def today(self) -> date:
        """Return the simulator's date."""
        return self._fixed or date.today()  # noqa: DTZ011 - local, as the ERP's

    def tick(self) -> datetime:
        """Return a new instant of today, one second after the one before."""
        self._ticks += 1
        opening = datetime.combine(self.today(), time(9, 0, 0, 117_000))
        return opening + timedelta(seconds=self._ticks % 36_000)

    def set(self, on: date | None) -> None:
        """Fix the date; None follows the real date again."""
        self._fixed = on

    def advance(self, days: int) -> None:
        """Move the date; afterwards it stands still until moved again."""
        self._fixed = self.today() + timedelta(days=days)
