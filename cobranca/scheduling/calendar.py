"""When a schedule is due: pure functions of the schedule and an instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cobranca.calc.calendar import is_business_day
from cobranca.scheduling.states import Frequency

# No schedule that is ever due rests longer than this, holidays included.
HORIZON = timedelta(days=400)
DAY = timedelta(days=1)
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Schedule:
    """What, of a scheduled task, decides when it is due.

    Times are of the wall clock in `zone`. An interval counts from midnight of each day. A day of
    the month that a month lacks is its last day. `state` is the UF whose holidays count,
    beside the nation's and the agency's own (`extra`).
    """

    frequency: str
    zone: ZoneInfo
    at: time | None = None
    weekday: int | None = None
    month_day: int | None = None
    every_minutes: int | None = None
    business_days_only: bool = False
    state: str = ""
    extra: frozenset[date] = frozenset()


def last_due(schedule: Schedule, instant: datetime) -> datetime | None:
    """Return the latest due time up to and including `instant`; None if there is none."""
    start = instant.astimezone(schedule.zone).date()
    for day in _days(start, -DAY):
        due = [at for at in _due_times(schedule, day) if at <= instant]
        if due:
            return due[-1]
    return None


def next_due(schedule: Schedule, instant: datetime) -> datetime | None:
    """Return the earliest due time after `instant`; None if there is none."""
    start = instant.astimezone(schedule.zone).date()
    for day in _days(start, DAY):
        due = [at for at in _due_times(schedule, day) if at > instant]
        if due:
            return due[0]
    return None


def _days(start: date, step: timedelta) -> Iterator[date]:
    for number in range(HORIZON.days):
        yield start + step * number


def _due_times(schedule: Schedule, day: date) -> list[datetime]:
    """Return the due times of one day, in order, in UTC (where instants compare rightly)."""
    if not is_due_on(schedule, day):
        return []
    if schedule.frequency != Frequency.INTERVAL:
        return [_instant(day, schedule.at or MIDNIGHT, schedule.zone)]
    start = _instant(day, MIDNIGHT, schedule.zone)
    end = _instant(day + DAY, MIDNIGHT, schedule.zone)
    step = timedelta(minutes=schedule.every_minutes or 1)
    return [start + step * number for number in range(-((start - end) // step))]


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def is_due_on(schedule: Schedule, day: date) -> bool:
    """Tell whether the schedule is due at some time of `day`."""
    if schedule.frequency == Frequency.WEEKLY and day.weekday() != schedule.weekday:
        return False
    if schedule.frequency == Frequency.MONTHLY and day != _month_day(day, schedule.month_day or 1):
        return False
    return not schedule.business_days_only or is_business_day(day, schedule.state, schedule.extra)


def _month_day(day: date, number: int) -> date:
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY
    return last if number > last.day else day.replace(day=number)
