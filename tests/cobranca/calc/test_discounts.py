"""Discounts of a quote: bounds, spreading, and the final value (CAL-10)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cobranca.calc.charges import Charges
from cobranca.calc.discounts import Ceilings, DiscountRequest, Percent, Value, spread
from cobranca.calc.errors import CalcError
from cobranca.calc.quote import Item, Order, quote

ON = date(2021, 11, 19)
ALL = Ceilings(Decimal(100), Decimal(100), Decimal(100), Decimal(100))
HALF_OF_INTEREST = Ceilings(interest=Decimal(50))


def item(key, original, *, penalty="0", interest="0", **changes):
    fields = {
        "contract": "295", "label": str(key), "due": date(2021, 6, 30),
        "effective_due": date(2021, 6, 30), "original": Decimal(original),
        "charges": Charges(Decimal(penalty), Decimal(interest)), "fee_percent": Decimal(10),
        "ceilings": ALL,
    }  # fmt: skip
    return Item(key=key, **(fields | changes))


def order(*items, expenses="0", **discounts):
    return Order(items, ON, DiscountRequest(**discounts), Decimal(expenses))


def two_rows(**discounts):
    """Principal 3.000,00, multa 60,00, juros 90,00, honorários 315,00; 3.465,00 in all."""
    return order(
        item(1, "1000.00", penalty="20.00", interest="30.00"),
        item(2, "2000.00", penalty="40.00", interest="60.00"),
        **discounts,
    )


def texts(amounts):
    return [str(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("amount", "ceilings", "shares"),
    [
        pytest.param("0.00", ["1.00", "2.00"], ["0.00", "0.00"], id="nothing"),
        pytest.param("3.00", ["1.00", "2.00"], ["1.00", "2.00"], id="everything"),
        pytest.param("1.00", ["1.00", "1.00", "1.00"], ["0.34", "0.33", "0.33"],
                     id="a centavo over"),
        pytest.param("0.05", ["0.01", "0.02", "0.03"], ["0.01", "0.02", "0.02"],
                     id="0.008, 0.016, 0.025: residue to the first with room"),
        pytest.param("1.00", ["0.00", "1.00", "2.00"], ["0.00", "0.34", "0.66"],
                     id="a row that forgives nothing"),
    ],
)  # fmt: skip
def test_spreading_over_rows(amount, ceilings, shares):
    assert texts(spread(Decimal(amount), [Decimal(c) for c in ceilings])) == shares


def test_a_percentage_of_each_group():
    made = quote(two_rows(charges=Percent(Decimal(40)), principal=Percent(Decimal("5")),
                          fee=Percent(Decimal("33.3333"))))  # fmt: skip

    totals = made.totals
    assert totals.discount_interest == Decimal("60.00")  # 40% of 150,00, juros first
    assert totals.discount_penalty == 0
    assert totals.discount_principal == Decimal("150.00")
    assert totals.discount_fee == Decimal("105.00")
    assert totals.total == Decimal("3150.00")
    assert texts(line.discount_interest for line in made.lines) == ["20.00", "40.00"]
    assert texts(line.discount_fee for line in made.lines) == ["35.00", "70.00"]


def test_charges_are_forgiven_in_interest_first_then_in_penalty():
    totals = quote(two_rows(charges=Value(Decimal("100.00")))).totals

    assert (totals.discount_interest, totals.discount_penalty) == (Decimal(90), Decimal(10))


@pytest.mark.parametrize(
    ("percent", "value"), [("40", "60.00"), ("33.3333", "50.00"), ("0.001", "0.00"), ("100", "150")]
)
def test_a_percentage_is_the_value_it_stands_for(percent, value):
    by_percent = quote(two_rows(charges=Percent(Decimal(percent))))
    by_value = quote(two_rows(charges=Value(Decimal(value))))

    assert by_percent == by_value


@pytest.mark.parametrize(
    ("final", "fee", "interest", "penalty", "principal"),
    [
        pytest.param("3465.00", "0", "0", "0", "0", id="nothing off"),
        pytest.param("3464.99", "0.01", "0", "0", "0", id="a centavo, from the fee"),
        pytest.param("3150.00", "315", "0", "0", "0", id="all the fee"),
        pytest.param("3100.00", "315", "50", "0", "0", id="then interest"),
        pytest.param("3050.00", "315", "90", "10", "0", id="then penalty"),
        pytest.param("2999.99", "315", "90", "60", "0.01", id="then principal"),
        pytest.param("0.00", "315", "90", "60", "3000", id="everything"),
    ],
)
def test_a_final_value_is_worked_back_into_discounts(final, fee, interest, penalty, principal):
    totals = quote(two_rows(final_value=Decimal(final))).totals

    assert totals.total == Decimal(final)
    assert totals.discount_fee == Decimal(fee)
    assert totals.discount_interest == Decimal(interest)
    assert totals.discount_penalty == Decimal(penalty)
    assert totals.discount_principal == Decimal(principal)


def test_the_discounts_of_a_final_value_typed_again_give_the_final_value():
    """Rows of two brackets, expenses and an early-payment discount in the same quote."""
    tight = Ceilings(Decimal("3.33"), Decimal("50"), Decimal("12.5"), Decimal("7"))
    items = (
        item(1, "333.33", penalty="6.67", interest="11.11"),
        item(2, "777.77", penalty="15.56", interest="0.03", ceilings=tight),
        item(3, "1086.80", effective_due=date(2022, 1, 10), early_discount=Decimal("100.01")),
        item(4, "0.05", interest="0.02", ceilings=tight),
    )
    free = quote(order(*items, expenses="45.60"))
    final, step = free.minimum, Decimal("7.77")
    assert free.minimum == free.totals.total - sum(
        (free.ceilings.charges, free.ceilings.principal, free.ceilings.fee)
    )

    while final < free.totals.total:
        made = quote(order(*items, expenses="45.60", final_value=final))
        again = quote(
            order(
                *items,
                expenses="45.60",
                charges=Value(made.totals.discount_interest + made.totals.discount_penalty),
                principal=Value(made.totals.discount_principal),
                fee=Value(made.totals.discount_fee),
            )
        )

        assert made.totals.total == again.totals.total == final
        assert made.lines == again.lines
        final += step


def test_rows_of_two_brackets_keep_to_their_own_ceilings():
    items = (
        item(1, "1000.00", interest="100.00", ceilings=HALF_OF_INTEREST),
        item(2, "1000.00", interest="100.00"),
    )

    made = quote(order(*items, charges=Value(Decimal("150.00"))))

    assert texts(line.discount_interest for line in made.lines) == ["50.00", "100.00"]
    assert (str(made.ceilings.charges), str(made.max_percents.charges)) == ("150.00", "75.0000")


def test_what_a_bracket_forgives_of_a_row_is_cut_to_centavos():
    third = replace(ALL, principal=Decimal("33.333333"))
    items = (item(1, "0.05", ceilings=third), item(2, "0.05", ceilings=third))

    made = quote(order(*items))

    assert made.ceilings.principal == Decimal("0.02")  # not 0.033


def test_the_brackets_own_percentage_is_never_refused_for_a_cut_centavo():
    tenth = replace(ALL, principal=Decimal(10))
    items = tuple(item(key, "10.05", ceilings=tenth) for key in (1, 2, 3))

    made = quote(order(*items, principal=Percent(Decimal(10))))

    # 10% of 30,15 is 3,02, but each row may give 1,00.
    assert made.totals.discount_principal == made.ceilings.principal == Decimal("3.00")


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"charges": Value(Decimal("75.01"))}, "discount_charges", "R\\$ 75,00 \\(50,00%\\)"),
        ({"charges": Percent(Decimal("50.1"))}, "discount_charges", "encargos vai até"),
        ({"principal": Value(Decimal("0.01"))}, "discount_principal", "R\\$ 0,00 \\(0,00%\\)"),
        ({"fee": Value(Decimal("31.51"))}, "discount_fee", "honorários vai até R\\$ 31,50"),
        ({"charges": Value(Decimal("-1"))}, "discount_charges", "sem sinal"),
        ({"principal": Value(Decimal("0.001"))}, "discount_principal", "centavos"),
        ({"fee": Percent(Decimal("100.01"))}, "discount_fee", "0 a 100"),
        ({"fee": Percent(Decimal("-1"))}, "discount_fee", "0 a 100"),
        ({"fee": Percent(Decimal("NaN"))}, "discount_fee", "0 a 100"),
        ({"final_value": Decimal("3358.49")}, "final_value", "menor que R\\$ 3.358,50"),
        ({"final_value": Decimal("3465.01")}, "final_value", "passar de R\\$ 3.465,00"),
        ({"final_value": Decimal("-1")}, "final_value", "sem sinal"),
        ({"final_value": Decimal("3400.001")}, "final_value", "centavos"),
        ({"final_value": Decimal("3400"), "fee": Value(Decimal(1))}, "final_value", "não os dois"),
    ],
)  # fmt: skip
def test_a_discount_out_of_bounds_is_refused_naming_them(asked, field, words):
    limits = Ceilings(Decimal(0), Decimal(50), Decimal(50), Decimal(10))
    whole = two_rows(**asked)
    limited = replace(whole, items=tuple(replace(each, ceilings=limits) for each in whole.items))

    with pytest.raises(CalcError, match=words) as refusal:
        quote(limited)

    assert refusal.value.field == field


def test_zeros_left_in_the_form_do_not_contradict_a_final_value():
    nothing = Percent(Decimal("0.0000"))

    made = quote(two_rows(charges=nothing, fee=Value(Decimal(0)), final_value=Decimal("3000")))

    assert made.totals.total == 3000


def test_early_payment_and_discount_together_never_exceed_the_principal():
    coming = {"effective_due": date(2022, 1, 10), "due": date(2022, 1, 10)}
    items = (
        item(1, "100.00", early_discount=Decimal("40.00"), **coming),
        item(2, "100.00", early_discount=Decimal("140.00"), **coming),
    )

    made = quote(order(*items))
    free = quote(order(*items, principal=Value(made.ceilings.principal)))

    assert made.totals.early_discount == Decimal("140.00")
    assert made.ceilings.principal == Decimal("60.00")
    assert made.max_percents.principal == 30
    assert texts(line.net for line in free.lines) == ["0.00", "0.00"]
    with pytest.raises(CalcError, match="R\\$ 60,00"):
        quote(order(*items, principal=Percent(Decimal(100))))


def test_the_maximum_of_a_group_without_amount_is_the_brackets_own():
    coming = item(1, "100.00", effective_due=date(2022, 1, 10), ceilings=HALF_OF_INTEREST)

    made = quote(order(coming, charges=Percent(Decimal(50))))

    assert made.max_percents.charges == 50
    assert made.totals.discount == 0


def test_expenses_are_never_discounted():
    items = (item(1, "1000.00"),)

    made = quote(order(*items, expenses="50.00", principal=Percent(Decimal(100)),
                       fee=Percent(Decimal(100))))  # fmt: skip

    assert made.totals.total == made.minimum == Decimal("50.00")
