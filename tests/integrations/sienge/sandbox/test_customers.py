"""Customers and their filters."""

import re

import pytest


def test_customers_are_found_by_document(reading):
    assert [row["id"] for row in reading.rows("/customers", cpf="11144477735")] == [3431]
    assert [row["id"] for row in reading.rows("/customers", cnpj="11222333000181")] == [3500]


def test_foreigners_are_found_by_their_own_id(reading):
    foreigner = next(row for row in reading.rows("/customers") if row["foreigner"] == "S")

    found = reading.rows("/customers", internationalId=foreigner["internationalId"])

    assert [row["id"] for row in found] == [foreigner["id"]]
    assert foreigner["cpf"] is None


def test_inactive_customers_are_left_out_only_when_asked(reading):
    everybody = {row["id"] for row in reading.rows("/customers", limit=200)}
    active = {row["id"] for row in reading.rows("/customers", limit=200, onlyActive="true")}

    known = {row["id"]: row for row in reading.control("customers")["customers"]}
    assert everybody == set(known)
    assert active == {number for number, row in known.items() if row["active"]}
    assert active < everybody


def test_customers_of_an_enterprise_are_its_buyers(reading):
    assert [row["id"] for row in reading.rows("/customers", enterpriseId=42)] == [3431]


def test_a_firm_has_the_fields_of_firms_and_a_person_those_of_persons(reading):
    firm, person = reading.get("/customers/3500").json(), reading.get("/customers/3431").json()

    assert firm["personType"] == "Jurídica"
    assert firm["fantasyName"] == "EXEMPLO"
    assert firm["contactName"] == "FULANO"
    assert "cpf" not in firm
    assert person["personType"] == "Física"
    assert "cnpj" not in person


def test_creation_and_change_dates_filter_with_their_own_day(reading):
    row = reading.rows("/customers", limit=1)[0]
    created = row["createdAt"]

    found = reading.rows("/customers", createdAfter=created, createdBefore=created, limit=200)

    assert row["id"] in [each["id"] for each in found]
    assert {each["createdAt"] for each in found} == {created}


def test_the_bounds_can_be_made_exclusive(api):
    query = {"modifiedAfter": "2026-11-10", "modifiedBefore": "2026-11-10", "limit": 200}
    assert 3431 in [row["id"] for row in api.rows("/customers", **query)]

    api.configure(switches={"exclusive_bounds": True})

    assert api.rows("/customers", **query) == []


def test_a_change_today_is_found_by_its_date(api):
    assert api.rows("/customers", modifiedAfter="2026-11-20") == []
    api.control("clock", {"advance_days": 3})

    api.act("change_customer", customer=3431, email="nova@example.com")

    found = api.rows("/customers", modifiedAfter="2026-11-22")
    assert [(row["id"], row["modifiedAt"]) for row in found] == [(3431, "2026-11-22")]
    assert re.fullmatch(r"2026-11-22 \d\d:\d\d:\d\d\.\d{3}", found[0]["modifiedAtDateTime"])


@pytest.mark.parametrize("text", ["22/11/2026", "20261122", "2026-13-01", "ontem"])
def test_a_date_that_is_not_iso_is_answered_400(reading, text):
    assert reading.get("/customers", modifiedAfter=text).status_code == 400


def test_phones_are_typed_in_several_ways(api):
    forms = {
        re.sub(r"\d", "9", phone["number"])
        for row in api.rows("/customers", limit=200)
        for phone in row["phones"]
    }

    assert len(forms) >= 4
