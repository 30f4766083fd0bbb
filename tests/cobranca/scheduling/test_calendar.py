from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.calc.calendar import is_business_day
from cobranca.scheduling.calendar import Schedule, is_due_on, last_due, next_due
from cobranca.scheduling.states import Frequency

ZONE = ZoneInfo("America/Sao_Paulo")


def local(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def daily(**fields):
    return Schedule(frequency=Frequency.DAILY, zone=ZONE, at=time(7), **fields)


def weekly(weekday, **fields):
    return Schedule(
        frequency=Frequency.WEEKLY, zone=ZONE, at=time(7, 30), weekday=weekday, **fields
    )


def monthly(day):
    return Schedule(frequency=Frequency.MONTHLY, zone=ZONE, at=time(6), month_day=day)


def every(minutes):
    return Schedule(frequency=Frequency.INTERVAL, zone=ZONE, every_minutes=minutes)


@pytest.mark.parametrize(
    ("schedule", "now", "last", "following"),
    [
        pytest.param(
            daily(),
            local(2026, 3, 10, 6, 59),
            local(2026, 3, 9, 7),
            local(2026, 3, 10, 7),
            id="daily, a minute before",
        ),
        pytest.param(
            daily(),
            local(2026, 3, 10, 7),
            local(2026, 3, 10, 7),
            local(2026, 3, 11, 7),
            id="daily, at the very minute",
        ),
        pytest.param(
            daily(business_days_only=True),
            local(2026, 3, 8, 12),
            local(2026, 3, 6, 7),
            local(2026, 3, 9, 7),
            id="a Sunday is no business day",
        ),
        pytest.param(
            daily(business_days_only=True),
            local(2026, 4, 21, 12),
            local(2026, 4, 20, 7),
            local(2026, 4, 22, 7),
            id="nor is Tiradentes",
        ),
        pytest.param(
            daily(business_days_only=True, state="SP"),
            local(2026, 7, 9, 12),
            local(2026, 7, 8, 7),
            local(2026, 7, 10, 7),
            id="nor a holiday of the agency's state",
        ),
        pytest.param(
            daily(business_days_only=True, state="SC"),
            local(2026, 7, 9, 12),
            local(2026, 7, 9, 7),
            local(2026, 7, 10, 7),
            id="which is none in another state",
        ),
        pytest.param(
            weekly(6),
            local(2026, 3, 10, 12),
            local(2026, 3, 8, 7, 30),
            local(2026, 3, 15, 7, 30),
            id="weekly, on Sundays",
        ),
        pytest.param(
            monthly(31),
            local(2026, 2, 28, 6),
            local(2026, 2, 28, 6),
            local(2026, 3, 31, 6),
            id="a short month's last day stands for the 31st",
        ),
        pytest.param(
            every(10),
            local(2026, 3, 10, 0, 5),
            local(2026, 3, 10),
            local(2026, 3, 10, 0, 10),
            id="every ten minutes from midnight",
        ),
        pytest.param(
            every(7 * 60),
            local(2026, 3, 10, 22),
            local(2026, 3, 10, 21),
            local(2026, 3, 11),
            id="an interval starts again at midnight",
        ),
    ],
)
def test_due_times_worked_by_hand(schedule, now, last, following):
    assert last_due(schedule, now) == last
    assert next_due(schedule, now) == following


def test_a_schedule_that_is_never_due_says_so():
    never = weekly(6, business_days_only=True)

    assert last_due(never, local(2026, 3, 10)) is None
    assert next_due(never, local(2026, 3, 10)) is None


schedules = st.builds(
    Schedule,
    frequency=st.sampled_from(list(Frequency)),
    zone=st.just(ZONE),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    weekday=st.integers(0, 6),
    month_day=st.integers(1, 31),
    every_minutes=st.integers(1, 24 * 60),
    business_days_only=st.booleans(),
    state=st.sampled_from(["", "SP", "SC"]),
)
instants = st.datetimes(
    datetime(2017, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)
)  # summer time included


@given(schedules, instants)
def test_the_last_due_time_is_the_latest_one_not_after_now(schedule, now):
    last, following = last_due(schedule, now), next_due(schedule, now)

    if last is None or following is None:
        return
    assert last <= now < following
    # Nothing is due between them, whichever way one asks.
    assert next_due(schedule, last) == following
    assert last_due(schedule, following) == following
    assert last_due(schedule, following - timedelta(microseconds=1)) == last


@given(schedules, instants)
def test_what_is_due_is_due_on_a_day_that_the_schedule_names(schedule, now):
    following = next_due(schedule, now)

    if following is None:
        return
    # A time that summer time skips falls into the hour after; a day earlier it never falls.
    day = following.astimezone(ZONE).date()
    assert is_due_on(schedule, day)
    if schedule.business_days_only:
        assert is_business_day(day, schedule.state)


@given(st.integers(1, 24 * 60))
def test_a_day_holds_every_step_of_an_interval_once(minutes):
    day_start, day_end = local(2026, 3, 10), local(2026, 3, 11)
    at, seen = last_due(every(minutes), day_start), []

    while at < day_end:
        seen.append(at)
        at = next_due(every(minutes), at)

    assert len(seen) == -(-24 * 60 // minutes)
    assert seen == sorted(set(seen))


def test_the_days_of_a_month():
    due = [day for day in range(1, 32) if is_due_on(monthly(30), date(2026, 3, day))]

    assert due == [30]


def test_the_agencys_own_days_off_count_as_holidays():
    rested = daily(business_days_only=True, extra=frozenset({date(2026, 3, 11)}))

    assert not is_due_on(rested, date(2026, 3, 11))
    assert next_due(rested, local(2026, 3, 10, 8)) == local(2026, 3, 12, 7)
    assert is_due_on(daily(extra=rested.extra), date(2026, 3, 11))
