"""Months, Brazilian business days and payment plans, for portfolios of any system."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

_FIXED_HOLIDAYS = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25))


def add_months(day: date, months: int, *, wanted_day: int | None = None) -> date:
    """Return the same day `months` later, the last of the month when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(wanted_day or day.day, last))


def months_between(start: date, end: date) -> int:
    """Return the difference of calendar months, whatever the days."""
    return (end.year - start.year) * 12 + end.month - start.month


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    movable = (easter + timedelta(days=days) for days in (-48, -47, -2, 60))
    return frozenset((*movable, *(date(year, month, day) for month, day in _FIXED_HOLIDAYS)))


def _easter(year: int) -> date:
    """Return Easter Sunday (Meeus's Gregorian computus)."""
    century = year // 100
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def is_business_day(day: date) -> bool:
    """Whether banks open; national holidays and carnival only."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def next_business_day(day: date) -> date:
    """Return the day itself, or the first business day after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def monthly_dates(first: date, count: int, *, every: int = 1) -> Iterator[date]:
    """Yield `count` due dates, one each `every` months, on the day of the first."""
    return (add_months(first, step * every, wanted_day=first.day) for step in range(count))


def split_amount(total: Decimal, parts: int) -> list[Decimal]:
    """Split money into equal cents; what is left over goes on the first part."""
    cents, rest = divmod(int(total * 100), parts)
    share = Decimal(cents) / 100
    return [share + Decimal(rest) / 100, *([share] * (parts - 1))]
