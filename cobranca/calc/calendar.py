"""Business days: weekends and holidays of the nation, a state and whatever an agency adds."""

from collections.abc import Set
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


@lru_cache(maxsize=512)
def _holidays_of(state: str, year: int) -> frozenset[date]:
    import holidays  # half a second to import: only when somebody asks

    calendar = holidays.country_holidays("BR", subdiv=state or None, years=year)
    return frozenset(calendar)


def is_holiday(day: date, state: str = "", extra: Set[date] = frozenset()) -> bool:
    """Tell whether `day` is a national holiday, one of `state` (UF) or among `extra`."""
    return day in _holidays_of(state, day.year) or day in extra


def is_business_day(day: date, state: str = "", extra: Set[date] = frozenset()) -> bool:
    """Tell whether banks and offices work on `day`: not a weekend, not a holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day, state, extra)


def next_business_day(day: date, state: str = "", extra: Set[date] = frozenset()) -> date:
    """Return `day` itself when it is a business day, else the first one after it."""
    while not is_business_day(day, state, extra):
        day += timedelta(days=1)
    return day


def effective_due_date(due: date, state: str = "", extra: Set[date] = frozenset()) -> date:
    """Return the day up to which `due` may be paid without delay.

    `due` itself, or the next business day when it is a weekend or holiday (CAL-04; Lei 7.089/1983).
    """
    return next_business_day(due, state, extra)


def delay(due: date, on: date, state: str = "", extra: Set[date] = frozenset()) -> int:
    """Return the calendar days from the effective due date to `on`: negative before, 0 on the day.

    Days late are max(0, delay). 30/10/2021, a Saturday, is 18 days late on 19/11 (CAL-07).
    """
    return (on - effective_due_date(due, state, extra)).days
