from decimal import Decimal, localcontext

import pytest

from cobranca.calc.money import fraction, in_cents, percent_of, to_cents, to_cents_down
from cobranca.calc.words import percentage, reais


@pytest.mark.parametrize(
    ("exact", "rounded", "cut"),
    [
        ("109.558", "109.56", "109.55"),
        ("0.005", "0.01", "0.00"),
        ("0.0049999999999999999999999999999999999", "0.00", "0.00"),
        ("1024.715", "1024.72", "1024.71"),
        ("1024.725", "1024.73", "1024.72"),
        ("-0.005", "-0.01", "0.00"),
        ("3", "3.00", "3.00"),
        ("999999999999999999999999999999.995", "1000000000000000000000000000000.00",
         "999999999999999999999999999999.99"),
    ],
)  # fmt: skip
def test_rounding_to_centavos(exact, rounded, cut):
    assert str(to_cents(Decimal(exact))) == rounded
    assert to_cents_down(Decimal(exact)) == Decimal(cut)


def test_products_keep_every_digit_whatever_the_ambient_precision():
    with localcontext() as context:
        context.prec = 5
        exact = percent_of(Decimal("123456789012.34"), Decimal("12.345678"))

    assert exact == Decimal("15241577640.6028766652")


def test_a_percentage_becomes_a_rate():
    assert str(fraction(Decimal("0.949000"))) == "0.00949000"


@pytest.mark.parametrize(
    ("value", "is_money"),
    [("1", True), ("1.10", True), ("1.100", True), ("1.101", False), ("NaN", False),
     ("Infinity", False), ("1E+2", True)],
)  # fmt: skip
def test_what_counts_as_money(value, is_money):
    assert in_cents(Decimal(value)) is is_money


@pytest.mark.parametrize(
    ("value", "money", "percent"),
    [("1234567.8", "R$ 1.234.567,80", "1234567,80%"), ("-0.01", "-R$ 0,01", "-0,01%"),
     ("10.000000", "R$ 10,00", "10,00%"), ("10", "R$ 10,00", "10,00%")],
)  # fmt: skip
def test_figures_are_written_as_people_read_them(value, money, percent):
    assert reais(Decimal(value)) == money
    assert percentage(Decimal(value)) == percent


def test_a_percentage_shows_the_decimals_it_has():
    assert percentage(Decimal("0.948900")) == "0,9489%"
