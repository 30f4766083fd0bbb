from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.early_payment import (
    early_discount,
    monthly_equivalent,
    months_ahead,
    present_value,
)
from cobranca.calc.errors import CalcError

INSTALLMENT = Decimal("1086.80")
TWELVE = Decimal("12.000000")


def test_golden_present_value():
    """71 × 1.086,80, one due a month from 10/12/2021, paid on 19/11/2021 (playbook 7.2.3)."""
    on = date(2021, 11, 19)
    dues = [date(2021 + (11 + n) // 12, (11 + n) % 12 + 1, 10) for n in range(71)]

    discounts = [early_discount(INSTALLMENT, months_ahead(on, due), TWELVE) for due in dues]

    assert Decimal("77162.80") == INSTALLMENT * 71
    assert sum(discounts) == Decimal("21205.72")


@pytest.mark.parametrize(
    ("annual", "monthly"), [("0", "0.0000"), ("12", "0.9489"), ("100", "5.9463"), ("6.5", "0.5262")]
)
def test_monthly_rate_of_an_annual_one(annual, monthly):
    assert str(monthly_equivalent(Decimal(annual))) == monthly


@pytest.mark.parametrize(
    ("months", "annual", "value"),
    [
        pytest.param(0, "12", "1086.80", id="due this month"),
        pytest.param(1, "12", "1076.58", id="1086.80 ÷ 1.009489"),
        pytest.param(2, "12", "1066.46", id="÷ 1.009489²"),
        pytest.param(Decimal("0.5"), "12", "1081.68", id="half a month"),
        pytest.param(71, "0", "1086.80", id="no rate"),
    ],
)
def test_present_value(months, annual, value):
    worth = present_value(INSTALLMENT, months, Decimal(annual))

    assert str(worth) == value
    assert early_discount(INSTALLMENT, months, Decimal(annual)) == INSTALLMENT - worth


@pytest.mark.parametrize(
    ("due", "months"),
    [(date(2021, 11, 30), 0), (date(2021, 12, 1), 1), (date(2022, 11, 19), 12),
     (date(2021, 10, 10), 0)],
)  # fmt: skip
def test_months_ahead_are_calendar_months(due, months):
    assert months_ahead(date(2021, 11, 19), due) == months


@pytest.mark.parametrize(
    ("months", "annual", "field"), [(-1, "12", "months"), (1, "-1", "early_annual_percent")]
)
def test_what_makes_no_sense_is_refused(months, annual, field):
    with pytest.raises(CalcError) as refusal:
        present_value(INSTALLMENT, months, Decimal(annual))

    assert refusal.value.field == field
