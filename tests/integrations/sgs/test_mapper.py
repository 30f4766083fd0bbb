"""Rows → months: exact, in any order, and nothing guessed."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from integrations.core.errors import PermanentError, RetryableError
from integrations.sgs.client import rows_of
from integrations.sgs.mapper import reading_of
from integrations.sgs.months import Span

YEAR = Span(date(2024, 1, 1), date(2024, 12, 1))
JANUARY = {"data": "01/01/2024", "valor": "0.42"}


def read(*rows, span=YEAR):
    return reading_of(rows_of(msgspec.json.encode(rows)), span)


def test_a_row_is_a_month_and_an_exact_number():
    reading = read(JANUARY, {"data": "01/02/2024", "valor": "-0.32"})

    assert reading.values == {
        date(2024, 1, 1): Decimal("0.42"),
        date(2024, 2, 1): Decimal("-0.32"),
    }
    assert not reading.problems


def test_no_digit_is_lost():
    reading = read({"data": "01/01/2024", "valor": "1234567890.12345678"})

    assert str(reading.values[date(2024, 1, 1)]) == "1234567890.12345678"


def test_months_come_out_in_order():
    reading = read({"data": "01/03/2024", "valor": "1"}, JANUARY)

    assert list(reading.values) == [date(2024, 1, 1), date(2024, 3, 1)]


def test_a_field_more_does_no_harm():
    assert read({**JANUARY, "dataFim": "31/01/2024"}).values


@pytest.mark.parametrize(
    "value",
    ["0,42", "", " ", "x", "NaN", "Infinity", "1e3", "1_000", "٠.٤٢", ".42", "+1", None, 0.42, True,
     "12345678901", "1.234.567", ["0.42"]],
)  # fmt: skip
def test_a_value_that_is_not_a_number_with_a_point_is_named(value):
    reading = read({**JANUARY, "valor": value}, {"data": "01/02/2024", "valor": "0.10"})

    assert reading.values == {date(2024, 2, 1): Decimal("0.10")}
    assert reading.problems == ("linha 1: campo valor ausente ou inválido em 01/2024",)


def test_more_decimals_than_are_kept_are_not_rounded():
    assert read({**JANUARY, "valor": "0.123456789"}).problems == (
        "linha 1: campo valor com casas demais em 01/2024",
    )
    assert read({**JANUARY, "valor": "0.4200000000"}).values == {date(2024, 1, 1): Decimal("0.42")}


@pytest.mark.parametrize("day", ["2024-01-01", "01/13/2024", "1/1/2024", "", None, 20240101])
def test_a_day_that_is_none_is_named(day):
    reading = read({**JANUARY, "data": day})

    assert reading.problems == ("linha 1: campo data ausente ou inválido",)


def test_a_row_that_is_no_object_is_named():
    assert read("texto").problems == ("linha 1: Linha não reconhecida.",)


def test_a_month_that_was_not_asked_for_is_named():
    reading = read({"data": "01/01/2025", "valor": "0.1"}, {"data": "01/12/2023", "valor": "0.1"})

    assert reading.values == {}
    assert reading.problems == (
        "linha 1: 01/2025 não foi pedido",
        "linha 2: 12/2023 não foi pedido",
    )


def test_a_month_told_twice_alike_counts_once():
    assert read(JANUARY, {**JANUARY, "valor": "0.420"}).values == {
        date(2024, 1, 1): Decimal("0.42")
    }


def test_a_month_told_twice_with_different_values_counts_for_nothing():
    reading = read(JANUARY, {**JANUARY, "valor": "0.43"}, {"data": "01/02/2024", "valor": "0.1"})

    assert list(reading.values) == [date(2024, 2, 1)]
    assert reading.problems == ("01/2024: veio com valores diferentes",)


def test_a_daily_series_is_refused_whole():
    """Its values on the first of a month would pass for those of the month."""
    with pytest.raises(PermanentError, match="não é mensal"):
        read(JANUARY, {"data": "02/01/2024", "valor": "0.04"})


@pytest.mark.parametrize("body", [b"", b"null", b"[{", b'[{"data":', b'"texto"', b"12"])
def test_an_answer_that_is_no_list_is_an_error_never_an_empty_one(body):
    with pytest.raises(msgspec.DecodeError):
        rows_of(body)


def test_a_page_says_that_the_series_may_not_exist():
    with pytest.raises(RetryableError, match="série não existe"):
        rows_of(b' <?xml version="1.0"?><html></html>')


def test_no_values_said_with_status_200():
    assert rows_of(b'{"erro":{"statusCode":404,"detail":"Value(s) not found"}}') == []
    assert rows_of(b"[]") == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"error":"O sistema aceita 10 anos"}', "O sistema aceita 10 anos"),
        (b'{"erro":{"statusCode":400,"detail":"Data errada"}}', "Data errada"),
        (b'{"outra":1}', "sem explicação"),
    ],
)
def test_a_refusal_said_with_status_200(body, told):
    with pytest.raises(PermanentError, match=told):
        rows_of(body)
