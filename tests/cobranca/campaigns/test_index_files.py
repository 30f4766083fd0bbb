from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.campaigns.index_files import (
    check_value,
    parse_csv,
    parse_month,
    parse_value,
    shown_month,
    shown_value,
)
from cobranca.campaigns.states import IndexKind

VARIATION, LEVEL = IndexKind.VARIATION, IndexKind.LEVEL
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


@pytest.mark.parametrize("text", ["01/2026", "1/2026", "2026-01", "2026-01-01", "01/01/2026"])
def test_a_month_is_read_as_people_and_spreadsheets_write_it(text):
    assert parse_month(f" {text} ") == JAN


@pytest.mark.parametrize(
    "text", ["13/2026", "00/2026", "2026", "02/01/2026", "jan/26", "01/26", ""]
)
def test_what_is_no_month_is_not_guessed(text):
    assert parse_month(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,59", "0.59"),
        ("-0,12", "-0.12"),
        ("+1", "1"),
        ("1.234,56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("1234,56", "1234.56"),
    ],
)
def test_a_value_has_its_decimals_after_a_comma(text, value):
    assert parse_value(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["0.59", "1.234", "1,2,3", "1.23,4", "abc", "", "1e5", "0,5%", "NaN"]
)
def test_a_value_that_could_mean_two_things_is_refused(text):
    assert parse_value(text) is None


@given(st.decimals(min_value=-99, max_value=10**9, places=8))
def test_a_value_reads_back_as_it_is_shown(value):
    assert parse_value(shown_value(value)) == value


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_month_reads_back_as_it_is_shown(day):
    assert parse_month(shown_month(day)) == day.replace(day=1)


@pytest.mark.parametrize(
    ("kind", "month", "value", "said"),
    [
        (VARIATION, JAN, "-0.5", ""),
        (LEVEL, JAN, "1234.5", ""),
        (LEVEL, JAN, "0", "maior que zero"),
        (VARIATION, JAN, "-100", "maior que -100"),
        (VARIATION, date(2026, 1, 2), "1", "mês inválido"),
        (VARIATION, date(1899, 12, 1), "1", "mês inválido"),
        (VARIATION, JAN, "0.123456789", "casas decimais"),
        (LEVEL, JAN, "1e10", "grande demais"),
        (LEVEL, JAN, "Infinity", "grande demais"),
    ],
)
def test_values_that_make_no_sense_are_told(kind, month, value, said):
    problem = check_value(kind, month, Decimal(value))

    assert (said in problem) if said else problem == ""


@pytest.mark.parametrize(
    "data",
    [
        b"01/2026;0,59\n02/2026;-0,12\n",
        "﻿Mês;Valor\r\n01/2026;0,59\r\n\r\n02/2026;-0,12".encode(),
        "mês;variação\n2026-01;0,59\n2026-02;-0,12;\n".encode("cp1252"),
        b'data;valor\n"01/01/2026";"0,59"\n"01/02/2026";"-0,12"\n',
    ],
)
def test_files_of_spreadsheets_and_of_the_central_bank_are_read(data):
    assert parse_csv(data, VARIATION) == ({JAN: Decimal("0.59"), FEB: Decimal("-0.12")}, [])


def test_every_bad_line_is_named_with_its_number():
    data = (
        b"mes;valor\n13/2026;1\n01/2026;0.5\n02/2026\n\n01/2026;1,0;2\n03/2026;-100\n"
        b"04/2026;1\n4/2026;1"
    )

    values, lines = parse_csv(data, VARIATION)

    assert [line.partition(":")[0] for line in lines] == [
        "linha 2",
        "linha 3",
        "linha 4",
        "linha 6",
        "linha 7",
        "linha 9",
    ]
    assert lines[0] == "linha 2: mês inválido (13/2026): use MM/AAAA ou AAAA-MM."
    assert lines[-1] == "linha 9: o mês 04/2026 já está na linha 8."
    assert list(values) == [date(2026, 4, 1)]


def test_a_first_line_with_figures_is_no_title():
    assert parse_csv(b"janeiro/26;0,5", VARIATION)[1]
