"""Periods cut into weeks or months. Pure: days in, days out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEK, MONTH = "week", "month"
STEP_LABELS = {WEEK: "semana", MONTH: "mês"}
MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
# A longer period has too many weeks to be read.
MOST_DAYS_BY_WEEK = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bucket:
    """A week or month of a period; the first and the last may be cut by its ends.

    `key` is the Monday, or the first of the month: what date_trunc says of any day in it.
    """

    key: date
    start: date
    end: date
    label: str


def step_for(start: date, end: date) -> str:
    """Return what a period is best cut into."""
    return WEEK if (end - start).days < MOST_DAYS_BY_WEEK else MONTH


def truncated(day: date, step: str) -> date:
    """Return the first day of the week or month of `day`, as PostgreSQL's date_trunc does."""
    return day - timedelta(days=day.weekday()) if step == WEEK else day.replace(day=1)


def buckets_of(start: date, end: date, step: str) -> list[Bucket]:
    """Return a period, both ends included, in pieces that leave nothing out."""
    return list(_pieces(start, end, step))


def _pieces(start: date, end: date, step: str) -> Iterator[Bucket]:
    first = start
    while first <= end:
        key = truncated(first, step)
        following = _following(key, step)
        last = min(following - ONE_DAY, end)
        yield Bucket(key, first, last, _label(first, key, step))
        first = following


def _following(key: date, step: str) -> date:
    if step == WEEK:
        return key + timedelta(days=7)
    return (key.replace(day=28) + timedelta(days=4)).replace(day=1)


def _label(first: date, key: date, step: str) -> str:
    if step == WEEK:
        return f"{first:%d/%m}"
    return f"{MONTHS[key.month - 1]}/{key:%y}"


def before(start: date, end: date) -> tuple[date, date]:
    """Return the period as long as this one that ends on the day before it."""
    return start - (end - start) - ONE_DAY, start - ONE_DAY


def months_back(on: date, months: int) -> date:
    """Return the first day of the month that lies `months` before that of `on`."""
    whole = on.year * 12 + on.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)
