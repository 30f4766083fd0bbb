from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.calendar import effective_due_date
from cobranca.calc.charges import Charges, ChargeTerms
from cobranca.calc.discounts import Ceilings
from cobranca.calc.early_payment import early_discount, months_ahead
from cobranca.calc.errors import CalcError
from cobranca.calc.quote import Item, Order, quote

ALL = Ceilings(Decimal(100), Decimal(100), Decimal(100), Decimal(100))
TERMS = ChargeTerms(Decimal(2), Decimal(1))


def item(contract, label, due, original, **changes):
    return Item(
        key=int(label),
        contract=contract,
        label=label,
        due=due,
        effective_due=effective_due_date(due),
        original=Decimal(original),
        ceilings=ALL,
        **changes,
    )


def day(text):
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def from_erp(contract, label, due, original, charges, fee_percent):
    """An installment whose additional value the ERP gives as a whole: interest, to us."""
    return item(
        contract,
        label,
        day(due),
        original,
        charges=Charges(interest=Decimal(charges)),
        fee_percent=Decimal(fee_percent),
    )


def assert_sums(made):
    """Every component adds up, and nothing is negative."""
    names = ("original", "correction", "penalty", "interest", "fee", "discount_principal",
             "discount_penalty", "discount_interest", "discount_fee", "early_discount",
             "principal", "charges", "updated", "discount", "net")  # fmt: skip
    for name in names:
        parts = [getattr(line, name) for line in made.lines]
        assert sum(parts) == getattr(made.totals, name), name
        assert min(parts) >= 0, name


# Playbook 7.2.2, calculation of 19/11/2021. Total of parcel 2: the print hides it.
TABLE_A = [
    # parcel, due, value, days, charges, fee, total
    ("1", "30/06/2021", "1000.00", 142, "95.58", "109.55", "1205.13"),
    ("2", "30/07/2021", "1000.00", 112, "79.42", "107.94", "1187.36"),
    ("3", "30/08/2021", "1000.00", 81, "62.81", "106.28", "1169.09"),
    ("4", "30/09/2021", "1000.00", 50, "46.34", "104.63", "1150.97"),
    ("5", "30/10/2021", "1000.00", 18, "29.45", "102.95", "1132.40"),
    ("151", "10/11/2021", "10000.00", 9, "247.18", "1024.72", "11271.90"),
]


def test_golden_table_a():
    items = tuple(
        from_erp("295", label, due, value, charges, "10")
        for label, due, value, _, charges, _, _ in TABLE_A
    )

    made = quote(Order(items, date(2021, 11, 19)))

    assert [
        (line.days_late, str(line.charges), str(line.fee), str(line.net)) for line in made.lines
    ] == [(days, charges, fee, total) for _, _, _, days, charges, fee, total in TABLE_A]
    totals = made.totals
    assert str(totals.principal) == "15000.00"
    assert str(totals.charges) == "560.78"
    assert str(totals.fee) == "1556.07"
    assert str(totals.updated) == str(totals.total) == "17116.85"
    assert str(totals.discount) == "0.00"
    assert str(made.minimum) == "0.00"
    assert str(made.max_percents.principal) == "100.0000"
    assert_sums(made)


# Playbook 7.3.2, calculation of 22/11/2021, no fee.
TABLE_B = [
    ("40", "10/08/2021", "920.80", 104, "50.97", "971.77"),
    ("41", "10/09/2021", "920.80", 73, "41.27", "962.07"),
    ("42", "10/10/2021", "920.80", 42, "30.94", "951.74"),
    ("43", "10/11/2021", "920.80", 12, "22.17", "942.97"),
]


def test_golden_table_b():
    items = tuple(
        from_erp("3712", label, due, value, charges, "0")
        for label, due, value, _, charges, _ in TABLE_B
    )

    made = quote(Order(items, date(2021, 11, 22)))

    assert [(line.days_late, str(line.charges), str(line.net)) for line in made.lines] == [
        (days, charges, total) for _, _, _, days, charges, total in TABLE_B
    ]
    totals = made.totals
    assert [str(totals.principal), str(totals.charges), str(totals.total)] == [
        "3683.20", "145.35", "3828.55"
    ]  # fmt: skip
    assert_sums(made)


def test_golden_present_value():
    """Playbook 7.2.3: 71 installments not yet due on 19/11/2021, early payment at 12% a year."""
    on = date(2021, 11, 19)
    dues = [date(2021 + (11 + n) // 12, (11 + n) % 12 + 1, 10) for n in range(71)]
    items = tuple(
        item("3228", str(51 + n), due, "1086.80", terms=TERMS, fee_percent=Decimal(10),
             early_discount=early_discount(Decimal("1086.80"), months_ahead(on, due), Decimal(12)))
        for n, due in enumerate(dues)
    )  # fmt: skip

    made = quote(Order(items, on))

    assert str(made.totals.updated) == "77162.80"
    assert str(made.totals.discount) == "21205.72"
    assert str(made.totals.total) == "55957.08"
    assert made.totals.typed_discount == 0
    assert_sums(made)


def late(**changes):
    fields = {"terms": TERMS, "fee_percent": Decimal(10)} | changes
    return item("295", "1", date(2021, 6, 30), "1000.00", **fields)


def test_the_campaign_charges_what_the_erp_does_not():
    line = quote(Order((late(correction=Decimal("100.00")),), date(2021, 7, 30))).lines[0]

    # On 1.100,00: multa 2%, juros of 30 days at 1% a month; fee on 1.133,00.
    assert [str(line.penalty), str(line.interest), str(line.fee)] == ["22.00", "11.00", "113.30"]
    assert str(line.net) == "1246.30"


def test_the_erps_charges_win_over_the_campaigns():
    line = quote(Order((late(charges=Charges(Decimal(1), Decimal(2))),), date(2021, 7, 30))).lines[
        0
    ]

    assert (line.penalty, line.interest) == (1, 2)


@pytest.mark.parametrize(
    ("on", "total"),
    [
        pytest.param(date(2021, 6, 29), "1000.00", id="the day before"),
        pytest.param(date(2021, 6, 30), "1000.00", id="on the due date"),
        pytest.param(date(2021, 7, 1), "1122.36", id="the day after: 20,00 + 0,33 + 102,03"),
    ],
)
def test_nothing_is_charged_up_to_the_due_date(on, total):
    assert str(quote(Order((late(),), on)).totals.total) == total


def test_an_installment_not_due_carries_no_charges_of_the_erp_either():
    coming = late(charges=Charges(Decimal(1), Decimal(2)))

    assert quote(Order((coming,), date(2021, 6, 30))).totals.total == 1000


def test_a_saturday_is_not_late_on_its_sunday():
    saturday = item("295", "5", date(2021, 10, 30), "1000.00", terms=TERMS)

    days = [quote(Order((saturday,), date(2021, 10, 29 + n))).lines[0].days_late for n in range(3)]

    assert [*days, quote(Order((saturday,), date(2021, 11, 2))).lines[0].days_late] == [0, 0, 0, 1]


def test_one_more_day_never_costs_less():
    items = (late(), item("295", "2", date(2021, 7, 30), "33.37", terms=TERMS,
                          fee_percent=Decimal("9.99"), early_discount=Decimal("3.01")))  # fmt: skip
    days = [date.fromordinal(date(2021, 6, 25).toordinal() + n) for n in range(90)]

    totals = [quote(Order(items, day)).totals.total for day in days]

    assert totals == sorted(totals)


def test_expenses_are_added():
    made = quote(Order((late(),), date(2021, 6, 30), expenses=Decimal("35.50")))

    assert (str(made.totals.updated), str(made.totals.total)) == ("1000.00", "1035.50")


def test_lines_come_in_the_order_given():
    items = tuple(item("1", str(n), date(2021, 6, 30), "10.00", terms=TERMS) for n in (3, 1, 2))

    assert [line.key for line in quote(Order(items, date(2021, 7, 1))).lines] == [3, 1, 2]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"original": Decimal("-1")}, "original", "valor original: não pode"),
        ({"original": Decimal("1.001")}, "original", "reais e centavos"),
        ({"original": Decimal("NaN")}, "original", "reais e centavos"),
        ({"correction": Decimal("-0.01")}, "correction", "correção"),
        ({"early_discount": Decimal("-1")}, "early_discount", "deságio"),
        ({"charges": Charges(Decimal(-1), Decimal(2))}, "charges", "multa"),
        ({"charges": Charges(Decimal(1), Decimal("0.001"))}, "charges", "juros"),
        ({"fee_percent": Decimal(-1)}, "fee_percent", "honorários"),
        ({"terms": ChargeTerms(Decimal(-1), Decimal(1))}, "terms", "multa"),
        ({"terms": ChargeTerms(Decimal(1), Decimal("Infinity"))}, "terms", "juros"),
        ({"terms": None}, "terms", "nem o ERP nem uma campanha"),
        ({"ceilings": Ceilings(fee=Decimal("100.01"))}, "ceilings", "0 a 100"),
        ({"effective_due": date(2021, 6, 29)}, "effective_due", "anterior ao vencimento"),
    ],
)
def test_an_impossible_installment_is_refused_by_name(changes, field, words):
    with pytest.raises(CalcError, match=f"parcela 1.*{words}") as refusal:
        quote(Order((replace(late(), **changes),), date(2021, 7, 30)))

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"items": ()}, "selection", "ao menos uma parcela"),
        ({"items": (late(), late())}, "selection", "duas vezes"),
        ({"on": date(21, 7, 30)}, "on", "a partir de 01/07/1994"),
        ({"expenses": Decimal("-1")}, "expenses", "despesas"),
        ({"expenses": Decimal("0.005")}, "expenses", "centavos"),
    ],
)
def test_an_impossible_order_is_refused(changes, field, words):
    with pytest.raises(CalcError, match=words) as refusal:
        quote(replace(Order((late(),), date(2021, 7, 30)), **changes))

    assert refusal.value.field == field
