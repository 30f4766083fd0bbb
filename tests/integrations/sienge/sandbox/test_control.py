"""The control API: help, truth, counts, settings, and random life."""

from decimal import Decimal

import pytest
import requests


def test_the_help_lists_endpoints_actions_and_faults(reading):
    found = reading.control("")

    assert found["sandbox"] == "sienge"
    assert {"pay", "cede", "random", "advance_clock"} <= set(found["actions"])
    assert all(text.endswith(".") for text in found["actions"].values())
    assert "GET /_sandbox/state" in found["endpoints"]
    assert "kind" in found["faults"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "nada"), ("POST", "actions/voar"), ("POST", "calls"), ("DELETE", "state")],
)
def test_what_does_not_exist_is_a_404_with_a_reason(reading, method, path):
    answer = requests.request(method, f"{reading.root}/_sandbox/{path}", json={}, timeout=5)

    assert answer.status_code == 404
    assert answer.json()["reason"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"1"])
def test_a_body_that_is_no_object_is_a_400_with_a_reason(reading, body):
    answer = requests.post(f"{reading.root}/_sandbox/actions/pay", data=body, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["reason"]


def test_the_book_is_of_one_company_or_of_all(reading):
    everything = reading.control("book")
    one = reading.control("book?company=17")

    assert one["on"] == everything["on"] == "2026-11-19"
    assert [row["bill"] for row in one["bills"]] == [5600]
    assert len(everything["bills"]) == reading.control("state")["bills"]


def test_the_customers_are_listed_as_truth(reading):
    rows = {row["id"]: row for row in reading.control("customers")["customers"]}

    assert rows[3431]["cpf"] == "11144477735"
    assert len(rows) == reading.control("state")["customers"]


def test_calls_are_counted_by_channel_and_endpoint(api):
    api.get("/customers/3431")
    api.get("/customers/3500")
    api.get("/customers/1")
    api.ask_bulk("/income/by-bills", billsIds="5600")

    found = api.control("calls?last=1")

    assert found["rest"] == {"GET /customers/{id}": 3}
    assert found["bulk"] == {"GET /income/by-bills": 1}
    assert (found["total"], found["totals"]) == (4, {"rest": 3, "bulk": 1})
    assert [row["status"] for row in found["last"]] == [200, 200, 404, 200]
    assert found["last"][3]["query"] == "billsIds=5600"
    assert api.control("calls/reset", {})["total"] == 0


def test_faulted_calls_are_counted_too(api):
    api.fault("500")
    api.get("/companies")

    assert api.control("calls")["rest"] == {"GET /companies": 1}


@pytest.mark.parametrize(
    "settings",
    [
        {"nada": 1},
        {"switches": {"nada": True}},
        {"switches": {"spec_mode": 1}},
        {"limits": {"nada": 1}},
        {"limits": {"package": "Gold"}},
        {"grants": {"profile": "nada"}},
    ],
)
def test_unknown_settings_are_refused_with_the_reason(reading, settings):
    assert reading.configure(**settings)["reason"]


def test_settings_are_shown(reading):
    found = reading.control("settings")

    assert found["switches"]["spec_mode"] is False
    assert found["limits"]["package"] is None
    assert ["customers/phones", "PUT"] in found["grants"]["resources"]


def test_events_are_listed_after_a_sequence_number(api):
    api.act("pay", bill=5600, installment=2)

    found = api.control("events?after=1")["events"]

    assert [row["sequence"] for row in found] == [2]
    assert found[0]["event"] == "BANK_MOVEMENT_CREATED"
    assert found[0]["id"] != api.control("events")["events"][0]["id"]


def test_random_life_keeps_the_book_consistent(api):
    done = api.act("random", n=120, seed=9)["done"]

    assert len(done) == 120
    assert len({row["action"] for row in done}) > 10
    for bill in api.book().values():
        for row in bill["installments"]:
            received = sum(Decimal(str(receipt["gross"])) for receipt in row["receipts"])
            assert Decimal(str(row["balance"])) == Decimal(str(row["original"])) - received
            assert row["balance"] >= 0
    assert len(api.income()) == sum(len(bill["installments"]) for bill in api.book().values())


def test_random_life_is_the_same_for_the_same_seed(make_api):
    lives = [make_api().act("random", n=30, seed=2) for _ in range(2)]

    assert lives[0] == lives[1]
    assert make_api().act("random", n=30, seed=3) != lives[0]
