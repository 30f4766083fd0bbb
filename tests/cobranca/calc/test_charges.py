from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from cobranca.calc.calendar import delay, effective_due_date
from cobranca.calc.charges import Charges, ChargeTerms, late_charges

TWO_AND_ONE = ChargeTerms(Decimal("2.000000"), Decimal("1.000000"))


@pytest.mark.parametrize(
    ("days_late", "penalty", "interest"),
    [
        pytest.param(-3, "0.00", "0.00", id="not due yet"),
        pytest.param(0, "0.00", "0.00", id="on the due date"),
        pytest.param(1, "20.00", "0.33", id="one day late"),
        pytest.param(30, "20.00", "10.00", id="thirty days late"),
        pytest.param(142, "20.00", "47.33", id="golden table's delay"),
    ],
)
def test_charges_on_a_thousand_reais(days_late, penalty, interest):
    owed = late_charges(Decimal("1000.00"), days_late, TWO_AND_ONE)

    assert (str(owed.penalty), str(owed.interest)) == (penalty, interest)
    assert owed.total == Decimal(penalty) + Decimal(interest)


def test_interest_runs_on_the_penalty_when_the_campaign_says_so():
    terms = ChargeTerms(Decimal(2), Decimal(1), interest_on_penalty=True)

    assert late_charges(Decimal("1000.00"), 30, terms) == Charges(Decimal(20), Decimal("10.20"))


@pytest.mark.parametrize(
    ("base", "days_late", "interest"),
    [
        pytest.param("1.50", 10, "0.01", id="exactly half a centavo goes up"),
        pytest.param("1.49", 10, "0.00", id="a little less goes down"),
        pytest.param("7.50", 10, "0.03", id="two and a half centavos"),
        pytest.param("4.50", 10, "0.02", id="one and a half"),
    ],
)
def test_interest_is_rounded_once_half_up(base, days_late, interest):
    assert str(late_charges(Decimal(base), days_late, TWO_AND_ONE).interest) == interest


@pytest.mark.parametrize("days_late", [1, 7, 9999])
@pytest.mark.parametrize("percent", ["0.000001", "33.333333", "999.999999"])
@pytest.mark.parametrize("base", ["0.01", "777777777777.77", "999999999999.99"])
def test_the_largest_amounts_lose_no_digit(base, percent, days_late):
    terms = ChargeTerms(Decimal(percent), Decimal(percent), interest_on_penalty=True)

    owed = late_charges(Decimal(base), days_late, terms)

    bearing = Fraction(base) + Fraction(owed.penalty)
    assert Fraction(owed.penalty) == half_up(Fraction(base) * Fraction(percent) / 100)
    assert Fraction(owed.interest) == half_up(bearing * Fraction(percent) * days_late / 3000)


def half_up(exact: Fraction) -> Fraction:
    return Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)


@pytest.mark.parametrize(
    ("due", "on", "days"),
    [
        pytest.param(date(2021, 6, 30), date(2021, 11, 19), 142, id="a Wednesday"),
        pytest.param(date(2021, 10, 30), date(2021, 11, 19), 18, id="a Saturday, to Monday"),
        pytest.param(date(2021, 10, 10), date(2021, 11, 22), 42, id="a Sunday, to Monday"),
        pytest.param(date(2021, 10, 30), date(2021, 11, 1), 0, id="paid on that Monday"),
        pytest.param(date(2021, 10, 30), date(2021, 10, 31), -1, id="paid on the Sunday"),
        pytest.param(date(2021, 11, 15), date(2021, 11, 16), 0, id="Proclamação da República"),
    ],
)
def test_delay_runs_from_the_effective_due_date(due, on, days):
    assert delay(due, on) == days


def test_local_holidays_move_the_due_date_too():
    assert effective_due_date(date(2026, 7, 9), "SP") == date(2026, 7, 10)
    assert effective_due_date(date(2026, 7, 9), "SC") == date(2026, 7, 9)
    assert effective_due_date(date(2026, 7, 9), "", {date(2026, 7, 9)}) == date(2026, 7, 10)
