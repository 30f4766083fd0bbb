"""Documents, people, dates and plans that simulators invent."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sandbox import documents
from integrations.sandbox.dates import (
    add_months,
    is_business_day,
    monthly_dates,
    months_between,
    next_business_day,
    split_amount,
)
from integrations.sandbox.people import make_firm, make_person, plain

TODAY = date(2026, 11, 19)


def test_check_digits_are_those_of_known_documents():
    assert documents.cpf_with_digits("111444777") == "11144477735"
    assert documents.cpf_with_digits("529982247") == "52998224725"
    assert documents.cnpj_with_digits("112223330001") == "11222333000181"


def test_documents_are_formatted():
    assert documents.format_cpf("11144477735") == "111.444.777-35"
    assert documents.format_cnpj("11222333000181") == "11.222.333/0001-81"


def test_people_are_the_same_for_the_same_seed():
    assert make_person(Random(7), TODAY) == make_person(Random(7), TODAY)
    assert make_firm(Random(7), TODAY) == make_firm(Random(7), TODAY)


@given(st.integers(0, 5000))
def test_everybody_is_an_adult_with_a_valid_document_and_a_number(seed):
    person = make_person(Random(seed), TODAY)

    assert person.cpf == documents.cpf_with_digits((person.cpf or "")[:9])
    assert (TODAY - (person.born_on or TODAY)).days >= 20 * 365
    assert all(len(number) == 9 for _, number in person.mobiles)
    assert person.email is None or person.email.endswith("@example.com")
    assert len(person.place.postcode) == 8


def test_names_become_addresses_without_accents():
    assert plain("JOSÉ D'ÁVILA DA CONCEIÇÃO") == "jose.davila.da.conceicao"


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_added_within_the_month(day, months, result):
    assert add_months(day, months) == result


def test_monthly_dates_keep_the_day_of_the_first():
    dates = list(monthly_dates(date(2026, 1, 31), 3))

    assert dates == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-200, 200))
def test_adding_months_is_counted_back(day, months):
    assert months_between(day, add_months(day, months)) == months


@pytest.mark.parametrize(
    "holiday",
    [
        date(2026, 2, 16),  # carnival
        date(2026, 2, 17),
        date(2026, 4, 3),  # Good Friday
        date(2026, 6, 4),  # Corpus Christi
        date(2026, 12, 25),
        date(2025, 4, 18),
        date(2027, 2, 9),
    ],
)
def test_national_holidays_are_no_business_days(holiday):
    assert not is_business_day(holiday)
    assert next_business_day(holiday) > holiday


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_next_business_day_is_near(day):
    assert 0 <= (next_business_day(day) - day).days <= 6


@given(st.integers(1, 10**9), st.integers(1, 400))
def test_parts_add_up_and_the_first_takes_the_rest(cents, parts):
    total = Decimal(cents) / 100

    split = split_amount(total, parts)

    assert sum(split) == total
    assert split[0] >= split[-1]
    assert len(set(split[1:])) <= 1
