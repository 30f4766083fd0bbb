"""Late-fee arithmetic against the two screens of the reference (section 5.2)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sienge.sandbox.calculation import (
    Additions,
    additions_for,
    corrected,
    days_late,
    index_value,
    position,
    published_value,
)
from integrations.sienge.sandbox.model import Bill, Condition, Installment, Terms

PLAIN = Terms()
WITH_INDEX = Terms(pro_rata_indexer=2)
ONE_CENT = Decimal("0.01")


def make_installment(value="1000.00", indexer=0, due_on=date(2026, 6, 30)):
    condition = Condition("PM", date(2026, 5, 1), due_on, 1, Decimal(value), 1, indexer)
    return Installment(1, due_on, Decimal(value), Decimal(value), condition, due_on)


@pytest.mark.parametrize(
    ("days", "screen"), [(104, "50.97"), (73, "41.27"), (40, "30.94"), (12, "22.17")]
)
def test_check_a_without_pro_rata_index(days, screen):
    total = additions_for(Decimal("920.80"), days, PLAIN).total

    assert abs(total - Decimal(screen)) <= ONE_CENT


@pytest.mark.parametrize(
    ("value", "days", "screen"),
    [
        (1000, 142, "95.58"),
        (1000, 112, "79.42"),
        (1000, 81, "62.81"),
        (1000, 50, "46.34"),
        (1000, 18, "29.45"),
        (10000, 9, "247.18"),
    ],
)
def test_check_b_with_pro_rata_index(value, days, screen):
    total = additions_for(Decimal(value), days, WITH_INDEX).total

    assert abs(total - Decimal(screen)) <= ONE_CENT


def test_the_parts_are_those_of_the_debt_balance_example():
    found = additions_for(Decimal("1000"), 142, WITH_INDEX)

    assert found == Additions(Decimal("25.56"), Decimal("20.51"), Decimal("49.51"))


def test_nothing_is_added_without_terms_or_delay():
    assert additions_for(Decimal("1000"), 30, None).total == 0
    assert additions_for(Decimal("1000"), 0, PLAIN).total == 0
    assert additions_for(Decimal("1000"), 30, Terms(Decimal(0), Decimal(0))).total == 0


def test_compound_interest_and_a_daily_value():
    compound = additions_for(Decimal("1000"), 60, Terms(interest_type="C"))
    daily = Terms(calculation="D", daily_interest=Decimal("0.33"))

    assert compound.interest == Decimal("20.50")
    assert additions_for(Decimal("1000"), 60, daily).interest == Decimal("19.80")


@given(st.integers(1, 10_000_000), st.integers(1, 3000))
def test_one_day_later_never_costs_less(value, days):
    amount = Decimal(value) / 100

    today = additions_for(amount, days, WITH_INDEX).total
    assert additions_for(amount, days + 1, WITH_INDEX).total >= today > 0 or amount < 1


@pytest.mark.parametrize(
    ("due_on", "on", "days"),
    [
        (date(2026, 6, 30), date(2026, 11, 19), 142),
        (date(2026, 8, 30), date(2026, 8, 31), 0),  # a Sunday counts from Monday
        (date(2026, 8, 30), date(2026, 9, 1), 1),
        (date(2026, 10, 30), date(2026, 11, 19), 20),
        (date(2026, 12, 25), date(2026, 12, 28), 0),  # Christmas was a Friday
        (date(2026, 11, 30), date(2026, 11, 19), 0),
    ],
)
def test_delay_counts_from_the_next_business_day(due_on, on, days):
    assert days_late(due_on, on) == days


def test_correction_follows_the_index_of_so_many_months_before():
    installment = make_installment(indexer=5)

    value = corrected(installment.balance, installment, date(2026, 11, 19), annual=False)

    ratio = published_value(5, 2026, 9) / published_value(5, 2026, 3)
    assert value == (1000 * ratio).quantize(ONE_CENT)
    assert index_value(5, 2026, 11) == published_value(5, 2026, 9)


def test_annual_correction_waits_for_the_anniversary():
    installment = make_installment(indexer=5)

    def value(on):
        return corrected(installment.balance, installment, on, annual=True)

    assert value(date(2027, 4, 30)) == 1000
    assert value(date(2027, 5, 1)) > 1000


def test_a_settled_installment_is_worth_nothing():
    installment = make_installment()
    installment.balance = Decimal("0.00")
    bill = Bill(1, 1, 1, "CT", "1", date(2026, 5, 1), terms=WITH_INDEX)

    found = position(bill, installment, date(2026, 11, 19))

    assert (found.balance, found.days) == (0, 0)
