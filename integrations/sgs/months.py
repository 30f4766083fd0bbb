"""Months, each told by its first day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


def first_of(day: date) -> date:
    """Return the month of a day."""
    return day.replace(day=1)


def plus(month: date, count: int) -> date:
    """Return the month `count` months later (earlier when negative)."""
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, index + 1, 1)


def text(month: date) -> str:
    """Return a month as people write it: 03/2024."""
    return f"{month:%m/%Y}"


@dataclass(frozen=True)
class Span:
    """Months from `first` to `last`, both included; none when `last` comes before."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        month = self.first
        while month <= self.last:
            yield month
            month = plus(month, 1)

    def __contains__(self, month: date) -> bool:
        return self.first <= month <= self.last

    @property
    def last_day(self) -> date:
        """Return the last day of the last month."""
        return plus(self.last, 1) - timedelta(days=1)
