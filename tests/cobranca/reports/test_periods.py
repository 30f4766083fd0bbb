"""Periods in weeks and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.reports.periods import MONTH, WEEK, before, buckets_of, months_back, truncated

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(start=DAYS, length=st.integers(0, 800), step=st.sampled_from([WEEK, MONTH]))
def test_every_day_of_a_period_is_in_exactly_one_piece(start, length, step):
    end = start + timedelta(days=length)

    pieces = buckets_of(start, end, step)

    days = [p.start + timedelta(days=n) for p in pieces for n in range((p.end - p.start).days + 1)]
    assert days == [start + timedelta(days=n) for n in range(length + 1)]
    assert all(truncated(p.start, step) == truncated(p.end, step) == p.key for p in pieces)


@given(start=DAYS, length=st.integers(0, 800))
def test_the_period_before_is_as_long_and_ends_the_day_before(start, length):
    first, last = before(start, start + timedelta(days=length))

    assert (last - first).days == length
    assert last == start - timedelta(days=1)


@pytest.mark.parametrize(
    ("months", "first"), [(0, date(2026, 2, 1)), (1, date(2026, 1, 1)), (2, date(2025, 12, 1))]
)
def test_months_are_counted_back_over_new_year(months, first):
    assert months_back(date(2026, 2, 28), months) == first
