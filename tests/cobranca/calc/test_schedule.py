from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.errors import CalcError
from cobranca.calc.money import ZERO
from cobranca.calc.schedule import (
    Parcel,
    PlanTerms,
    amortization,
    due_dates,
    plan,
    price_schedule,
    split_evenly,
)

FIRST = date(2021, 12, 10)


@pytest.mark.parametrize(
    ("total", "parts", "first", "each"),
    [
        pytest.param("3692.78", 6, "615.48", "615.46", id="playbook 7.3.3"),
        pytest.param("100.00", 3, "33.34", "33.33", id="a centavo over"),
        pytest.param("100.00", 1, "100.00", "100.00", id="one payment"),
        pytest.param("0.02", 3, "0.02", "0.00", id="less than a centavo each"),
        pytest.param("100.00", 180, "1.55", "0.55", id="the residue may be large"),
    ],
)
def test_split_evenly(total, parts, first, each):
    found = split_evenly(Decimal(total), parts)

    assert [str(amount) for amount in found] == [first] + [each] * (parts - 1)
    assert sum(found) == Decimal(total)


@pytest.mark.parametrize(
    ("financed", "parts", "percent", "first", "each"),
    [
        pytest.param("1000.00", 3, "2", "346.75", "346.75", id="20 ÷ (1 − 1.02^−3) = 346.7547"),
        pytest.param("1000.00", 1, "2", "1020.00", "1020.00", id="one month later"),
        pytest.param("1000.00", 3, "0", "333.34", "333.33", id="no rate"),
        pytest.param("1.00", 3, "0.001", "0.34", "0.33", id="never less than was financed"),
        pytest.param("77162.80", 180, "2", "1588.22", "1588.22", id="the longest"),
    ],
)
def test_price_schedule(financed, parts, percent, first, each):
    found = price_schedule(Decimal(financed), parts, Decimal(percent))

    assert [str(amount) for amount in found] == [first] + [each] * (parts - 1)


def test_a_price_table_worked_by_hand():
    rows = amortization(Decimal("1000.00"), [Decimal("346.75")] * 3, Decimal(2))

    assert [(str(r.interest), str(r.amortization), str(r.balance)) for r in rows] == [
        ("20.00", "326.75", "673.25"),
        ("13.46", "333.29", "339.96"),
        ("6.79", "339.96", "0.00"),
    ]


@pytest.mark.parametrize("financed", ["0.50", "1.00", "97.31", "3692.78", "150000.00"])
@pytest.mark.parametrize("parts", [1, 2, 7, 48, 180])
@pytest.mark.parametrize("percent", ["0", "0.000001", "0.01", "1.99", "15"])
def test_a_price_table_closes(financed, parts, percent):
    payments = price_schedule(Decimal(financed), parts, Decimal(percent))

    rows = amortization(Decimal(financed), payments, Decimal(percent))

    assert sum(row.amortization for row in rows) == Decimal(financed)
    assert sum(row.interest for row in rows) == sum(payments) - Decimal(financed)
    assert all(row.interest + row.amortization == row.payment for row in rows)
    assert all(min(row.interest, row.amortization, row.balance) >= 0 for row in rows)
    assert rows[-1].balance == 0


@pytest.mark.parametrize(
    ("first_due", "options", "days"),
    [
        pytest.param(date(2022, 1, 31), {}, ["2022-01-31", "2022-02-28", "2022-03-31",
                     "2022-04-30"], id="31 is the last day"),
        pytest.param(date(2023, 12, 30), {}, ["2023-12-30", "2024-01-30", "2024-02-29",
                     "2024-03-30"], id="leap year"),
        pytest.param(date(2021, 10, 30), {"business_days": True}, ["2021-11-01", "2021-11-30",
                     "2021-12-30", "2022-01-31"], id="moved on, and back to its day"),
        pytest.param(date(2026, 7, 9), {"business_days": True, "state": "SP"}, ["2026-07-10",
                     "2026-08-10", "2026-09-09", "2026-10-09"], id="holiday of the state"),
    ],
)  # fmt: skip
def test_due_dates_keep_the_day_of_the_first(first_due, options, days):
    assert [day.isoformat() for day in due_dates(first_due, 4, **options)] == days


def test_a_plan_with_down_payment():
    made = plan(Decimal("4000.00"), 6, Decimal("307.22"), FIRST)

    assert made.down_payment == Decimal("307.22")
    assert made.financed == Decimal("3692.78")
    assert made.parcels[0] == Parcel(1, FIRST, Decimal("615.48"))
    assert made.parcels[5] == Parcel(6, date(2022, 5, 10), Decimal("615.46"))
    assert made.total == Decimal("4000.00")
    assert made.interest == 0
    assert all(row.interest == 0 for row in made.amortization)


def test_the_rate_is_charged_on_what_is_financed():
    made = plan(Decimal("1500.00"), 3, Decimal("500.00"), FIRST, Decimal(2))

    assert [parcel.amount for parcel in made.parcels] == [Decimal("346.75")] * 3
    assert made.total == Decimal("1540.25")
    assert made.interest == Decimal("40.25")


def test_the_lowest_down_payment_is_accepted():
    terms = PlanTerms(minimum_down_payment_percent=Decimal("33.333333"))

    assert plan(Decimal("100.00"), 2, Decimal("33.33"), FIRST, ZERO, terms).financed == Decimal(
        "66.67"
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"total": "0"}, "total", "maior que zero"),
        ({"total": "10.001"}, "total", "maior que zero"),
        ({"parts": 1}, "parts", "de 2 a 12"),
        ({"parts": 13}, "parts", "de 2 a 12"),
        ({"total": "0.02", "parts": 3}, "parts", "use menos parcelas"),
        ({"down_payment": "-1"}, "down_payment", "sem sinal"),
        ({"down_payment": "0.001"}, "down_payment", "centavos"),
        ({"down_payment": "1000"}, "down_payment", "menor que R\\$ 1.000,00"),
        ({"down_payment": "99.99", "minimum_down_payment_percent": Decimal(10)}, "down_payment",
         "R\\$ 100,00 \\(10,00% do total\\)"),
        ({"down_payment": "10", "allows_down_payment": False}, "down_payment", "não permite"),
        ({"monthly_percent": "-1"}, "monthly_percent", "taxa"),
        ({"earliest_due": date(2021, 12, 11)}, "first_due", "11/12/2021"),
    ],
)  # fmt: skip
def test_a_plan_outside_its_limits_names_them(changes, field, words):
    given = {"total": "1000.00", "parts": 2, "down_payment": "0", "monthly_percent": "0"}
    limits = {name: value for name, value in changes.items() if name not in given}
    given |= {name: value for name, value in changes.items() if name in given}

    with pytest.raises(CalcError, match=words) as refusal:
        plan(
            Decimal(given["total"]),
            given["parts"],
            Decimal(given["down_payment"]),
            FIRST,
            Decimal(given["monthly_percent"]),
            PlanTerms(parts_from=2, parts_to=12, **limits),
        )

    assert refusal.value.field == field


def test_no_down_payment_is_asked_where_none_is_allowed():
    terms = PlanTerms(allows_down_payment=False, minimum_down_payment_percent=Decimal(10))

    assert plan(Decimal("100.00"), 2, ZERO, FIRST, ZERO, terms).down_payment == 0


@pytest.mark.parametrize("parts", [0, -1])
def test_no_parts_is_refused(parts):
    for split in (split_evenly, lambda total, n: price_schedule(total, n, Decimal(2))):
        with pytest.raises(CalcError) as refusal:
            split(Decimal("10.00"), parts)
        assert refusal.value.field == "parts"
