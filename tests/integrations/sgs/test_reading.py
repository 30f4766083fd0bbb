"""Which months are asked for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sgs.months import Span, plus
from integrations.sgs.reading import MONTHS_A_CALL, spans_to_read

FIRST, NOW = date(1994, 7, 1), date(2026, 11, 1)
WHOLE = Span(FIRST, NOW)


def spans(missing, *, whole=WHOLE, full=False):
    """Return the periods asked for when these months are missing."""
    stored = set(whole) - set(missing)
    return [(span.first, span.last) for span in spans_to_read(stored, whole, full=full)]


def test_nothing_stored_is_asked_for_in_pieces_of_ten_years_from_the_newest():
    assert spans(WHOLE) == [
        (date(2016, 12, 1), NOW),
        (date(2006, 12, 1), date(2016, 11, 1)),
        (date(1996, 12, 1), date(2006, 11, 1)),
        (FIRST, date(1996, 11, 1)),
    ]


def test_what_is_stored_is_asked_for_again_for_a_year():
    assert spans([NOW]) == [(date(2025, 12, 1), NOW)]
    assert spans([]) == [(date(2025, 12, 1), NOW)]


def test_a_hole_is_asked_for():
    assert spans([date(2003, 5, 1)]) == [
        (date(2025, 12, 1), NOW),
        (date(2003, 5, 1), date(2003, 5, 1)),
    ]


def test_holes_near_each_other_are_one_call():
    assert spans([date(2020, 5, 1), date(2018, 1, 1)]) == [(date(2018, 1, 1), NOW)]


def test_all_of_it_is_compared_when_asked():
    assert spans([], full=True) == spans(WHOLE)


def test_a_series_that_begins_after_today_asks_for_nothing():
    assert spans([], whole=Span(plus(NOW, 1), NOW)) == []


def test_the_last_day_of_a_period():
    assert Span(date(2024, 1, 1), date(2024, 2, 1)).last_day == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 1, 1), -1, date(2023, 12, 1)),
        (date(2024, 1, 1), 0, date(2024, 1, 1)),
        (date(2024, 3, 1), -26, date(2022, 1, 1)),
    ],
)
def test_months_are_counted(month, count, expected):
    assert plus(month, count) == expected


@given(st.sets(st.integers(0, 388)))
def test_every_missing_month_is_asked_for_once_and_never_too_much_at_a_time(numbers):
    missing = {plus(FIRST, number) for number in numbers}

    asked = [list(Span(*span)) for span in spans(missing)]

    together = [month for span in asked for month in span]
    assert missing <= set(together)
    assert len(together) == len(set(together))
    assert all(len(span) <= MONTHS_A_CALL for span in asked)
