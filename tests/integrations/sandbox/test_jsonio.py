"""Decimals in and out of JSON without ever being floats."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.sandbox import jsonio


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("7000.00", "7000.0"),
        ("95.58", "95.58"),
        ("0.0125", "0.0125"),
        ("0", "0.0"),
        ("-3.50", "-3.5"),
        ("1E+3", "1000.0"),
        ("3E-10", "0.0000000003"),
        ("341233.7699999997", "341233.7699999997"),
    ],
)
def test_numbers_are_written_as_java_writes_doubles(value, text):
    assert jsonio.number_text(Decimal(value)) == text
    assert jsonio.dump_text([Decimal(value)]) == f"[{text}]"


def test_dates_and_instants_are_written_as_the_api_does():
    instant = datetime(2026, 11, 10, 14, 3, 22, 117_000)

    found = jsonio.dump_text({"on": date(2026, 11, 19), "at": instant})

    assert found == '{"on":"2026-11-19","at":"2026-11-10 14:03:22.117"}'


def test_accents_stay_as_they_are():
    assert jsonio.dump("Jurídica") == '"Jurídica"'.encode()


def test_what_is_not_json_is_an_error():
    with pytest.raises(TypeError):
        jsonio.dump(object())
    with pytest.raises(ValueError, match="NUL"):
        jsonio.load('"\\u00001"')


@settings(max_examples=20)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals("-1e9", "1e9", places=2)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
))  # fmt: skip
def test_what_is_written_is_read_back(document):
    assert jsonio.load(jsonio.dump(document)) == document
