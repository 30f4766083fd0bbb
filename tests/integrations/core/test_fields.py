"""Readers of single fields: what is accepted, what is refused, and that values stay secret."""

from datetime import date
from decimal import Decimal

import pytest

from integrations.core import fields
from integrations.core.errors import PermanentError


@pytest.mark.parametrize("told", [17, "17", "017", " 17 ", "17  "])
def test_one_code_has_one_spelling(told):
    assert fields.code(told, "companyId") == "17"


@pytest.mark.parametrize(
    ("told", "code"), [("CT  ", "CT"), (0, "0"), ("000", "0"), ("A-1", "A-1"), (2**40, str(2**40))]
)
def test_codes_need_not_be_numbers(told, code):
    assert fields.code(told, "id") == code


@pytest.mark.parametrize("told", [None, "", "  ", True, 17.0, [17], {"id": 17}, "x" * 41])
def test_what_is_no_code_is_refused(told):
    with pytest.raises(PermanentError, match="companyId"):
        fields.code(told, "companyId")


@pytest.mark.parametrize(
    ("told", "text"),
    [(" MARIA  DA\tSILVA ", "MARIA DA SILVA"), (304, "304"), (None, ""), ({}, ""), ("a\0b", "ab")],
)
def test_text_is_cleaned_and_never_fails(told, text):
    assert fields.text(told) == text


def test_text_is_cut_at_its_limit():
    assert fields.text("RUA DAS FLORES", 4) == "RUA"


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        (Decimal("1234.10"), "1234.10"),
        ("1234.10", "1234.10"),
        (7000, "7000.00"),
        (Decimal("341233.7699999997"), "341233.77"),
        (Decimal("0.0000000001"), "0.00"),
        ("-5", "-5.00"),
    ],
)
def test_money_comes_in_centavos(told, amount):
    assert str(fields.cents(told, "balanceAmount")) == amount


@pytest.mark.parametrize(
    "told", [None, "", "x", "1.234,56", 10.5, True, Decimal("NaN"), "Infinity", "1e12", [1]]
)
def test_money_that_is_not_exact_is_refused(told):
    with pytest.raises(PermanentError, match="balanceAmount"):
        fields.cents(told, "balanceAmount")


@pytest.mark.parametrize("told", [None, "", 0, Decimal("0.0"), "0"])
def test_money_that_is_not_told_may_be_zero(told):
    assert str(fields.cents_or_zero(told, "fineAmount")) == "0.00"


@pytest.mark.parametrize(
    "told", ["2026-11-19", " 2026-11-19", "2026-11-19T00:00:00-03:00", "2026-11-19 14:03:22.117"]
)
def test_a_day_may_come_as_an_instant(told):
    assert fields.day(told, "dueDate") == date(2026, 11, 19)


@pytest.mark.parametrize("told", [None, "", "19/11/2026", "2026-02-30", "2026-1-2", 20261119])
def test_what_is_no_day_is_refused(told):
    with pytest.raises(PermanentError, match="dueDate"):
        fields.day(told, "dueDate")


def test_a_day_that_is_not_told_may_be_none():
    assert fields.day_or_none(" ", "birthDate") is None


@pytest.mark.parametrize("told", [True, "S", "s", "Sim", "true", 1, "1"])
def test_a_yes(told):
    assert fields.flag(told, "main") is True


@pytest.mark.parametrize("told", [False, "N", "Não", "false", 0, "0", None, ""])
def test_a_no(told):
    assert fields.flag(told, "main") is False


@pytest.mark.parametrize("told", ["talvez", 2, [True], {}])
def test_neither_yes_nor_no_is_refused(told):
    with pytest.raises(PermanentError, match="main"):
        fields.flag(told, "main")


@pytest.mark.parametrize("told", [-1, "-1", "1.5", 2**31, None, True, "1/2"])
def test_a_number_that_no_column_holds_is_refused(told):
    with pytest.raises(PermanentError, match="installmentId"):
        fields.whole(told, "installmentId")


@pytest.mark.parametrize("reader", [fields.cents, fields.day, fields.whole, fields.flag])
def test_the_value_is_never_told(reader):
    with pytest.raises(PermanentError) as refused:
        reader("529.982.247-25", "cpf")

    assert "529" not in refused.value.message + refused.value.detail
