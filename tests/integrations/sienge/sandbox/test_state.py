"""A sandbox started again with its state directory is where it was."""

import json
from datetime import date

import pytest

from integrations.sandbox.journal import StateMismatch
from integrations.sandbox.running import start
from tests.integrations.sienge.sandbox.conftest import TODAY


def picture(api):
    names = ("events", "state", "clock", "customers")
    return api.book(), [api.control(name) for name in names], api.rows("/hooks")


def do_things(api):
    api.act("pay", bill=5600, installment=2)
    api.act("random", n=15, seed=4)
    api.control("clock", {"advance_days": 40})
    api.act("new_customer", name="FULANA")
    api.ask("POST", "/hooks", json={"url": "https://x.example", "events": ["A"]})
    api.ask("PUT", "/customers/3431/addresses/C", json={"streetName": "Rua Ç"})
    api.act("cede", contract=812, customer=3500)


def test_what_was_done_is_done_again(make_api, tmp_path):
    first = make_api(state_dir=tmp_path)
    do_things(first)
    before = picture(first)
    first.running.stop()

    second = make_api(state_dir=tmp_path)

    assert picture(second) == before
    second.act("pay", bill=5600, installment=3)
    before = picture(second)
    second.running.stop()
    assert picture(make_api(state_dir=tmp_path)) == before


def test_refused_actions_and_readings_are_not_journalled(make_api, tmp_path):
    api = make_api(state_dir=tmp_path)

    api.refusal("pay", bill=1, installment=1)
    api.get("/companies")
    api.ask("PUT", "/customers/3431/phones", json={"phones": []})

    assert len((tmp_path / "journal.jsonl").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "other", [{"seed": 4}, {"contracts": 13}, {"on": date(2026, 11, 20)}, {"companies": 3}]
)
def test_the_state_of_another_world_is_refused(make_api, tmp_path, other):
    make_api(state_dir=tmp_path)
    options = {"seed": 3, "contracts": 12, "on": TODAY, "state_dir": tmp_path} | other

    with pytest.raises(StateMismatch, match="another world"):
        start("sienge", **options)


def test_a_line_cut_by_a_kill_is_dropped(make_api, tmp_path):
    first = make_api(state_dir=tmp_path)
    first.act("pay", bill=5600, installment=2)
    first.running.stop()
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"on":"2026-11-19","acti')

    second = make_api(state_dir=tmp_path)
    second.act("pay", bill=5600, installment=3)
    second.running.stop()

    third = make_api(state_dir=tmp_path)
    balances = [row["balance"] for row in third.book()[5600]["installments"][:4]]
    assert balances == [0, 0, 0, 1000]
    assert all(json.loads(line) for line in journal.read_text().splitlines())


def test_without_a_date_the_world_stays_and_the_clock_is_todays(make_api, tmp_path):
    make_api(state_dir=tmp_path, on=None).running.stop()
    journal = tmp_path / "journal.jsonl"
    header = json.loads(journal.read_text())
    journal.write_text(json.dumps(header | {"on": "2026-01-15"}) + "\n")

    api = make_api(state_dir=tmp_path, on=None)

    assert api.control("state")["born_on"] == "2026-01-15"
    assert api.control("clock")["fixed"] is False
