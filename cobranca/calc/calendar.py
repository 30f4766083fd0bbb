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
