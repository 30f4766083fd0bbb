"""The simulated central bank: what it knows, how it says no, and its faults."""

import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import requests

from tests.integrations.sgs.bank import IGPM, INCC_M, IPCA, SELIC

ROOT = Path(__file__).resolve().parents[4]
LONG = {"dataInicial": "01/01/2010", "dataFinal": "01/01/2020"}


def test_values_are_text_with_a_point_and_days_are_brazilian(bank):
    rows = bank.rows(IGPM, "01/01/2024", "31/12/2024")

    assert [row["data"] for row in rows][:2] == ["01/01/2024", "01/02/2024"]
    assert len(rows) == 12
    assert all(re.fullmatch(r"-?\d\.\d\d", row["valor"]) for row in rows)


def test_the_same_seed_gives_the_same_values(make_bank):
    one, same, other = (make_bank(seed=seed).truth(IPCA) for seed in (1, 1, 2))

    assert one == same != other


def test_series_differ(bank):
    assert bank.truth(IGPM) != bank.truth(IPCA)


def test_a_month_comes_out_when_it_is_published(bank):
    # IPCA of October came out on November 10; IGP-M of November comes on the 28th.
    assert max(bank.truth(IPCA)) == date(2026, 10, 1)
    assert max(bank.truth(IGPM)) == date(2026, 10, 1)

    bank.act("advance_clock", date="2026-11-28")

    assert max(bank.truth(IPCA)) == date(2026, 10, 1)
    assert max(bank.truth(IGPM)) == date(2026, 11, 1)


def test_a_month_belongs_to_every_period_that_touches_it(bank):
    assert [row["data"] for row in bank.rows(IPCA, "02/01/2024", "31/01/2024")] == ["01/01/2024"]


def test_a_period_without_values_is_a_404_with_a_body(bank):
    answer = bank.get(INCC_M, dataInicial="01/01/1980", dataFinal="31/12/1980")

    assert answer.status_code == 404
    assert answer.json()["erro"]["statusCode"] == 404


def test_an_unknown_series_is_a_page_with_status_200(bank):
    answer = bank.get(999, dataInicial="01/01/2024", dataFinal="31/01/2024")

    assert answer.status_code == 200
    assert "Requisição inválida!" in answer.text


def test_more_than_ten_years_are_refused_for_daily_series(bank):
    assert bank.get(SELIC, **LONG).status_code == 406
    assert bank.get(SELIC).status_code == 406
    assert bank.get(SELIC, **LONG | {"dataFinal": "31/12/2019"}).status_code == 200
    assert bank.get(IGPM, **LONG).status_code == 200

    bank.control("settings", {"switches": {"limit_all_series": True}})

    assert bank.get(IGPM, **LONG).status_code == 406


def test_other_addresses_and_bad_dates(bank):
    assert requests.get(f"{bank.url}/dados/serie/outra", timeout=5).status_code == 404
    assert bank.get(IGPM, dataInicial="2024-01-01").status_code == 400


def test_a_value_is_corrected_published_early_and_taken_back(bank):
    bank.act("revise", series=IPCA, month="2024-03", value="9.99")
    bank.act("revise", series=IPCA, month="2026-11", value="0.44")
    bank.act("remove", series=IPCA, month="2024-04")

    truth = bank.truth(IPCA)
    assert str(truth[date(2024, 3, 1)]) == "9.99"
    assert str(truth[date(2026, 11, 1)]) == "0.44"
    assert date(2024, 4, 1) not in truth


@pytest.mark.parametrize(
    "arguments",
    [
        {"series": 1, "month": "2024-03", "value": "1"},
        {"series": IPCA, "month": "março", "value": "1"},
        {"series": IPCA, "month": "2024-03"},
    ],
)
def test_a_senseless_correction_is_refused(bank, arguments):
    assert "reason" in bank.control("actions/revise", arguments)


def test_corrections_survive_a_restart(make_bank, tmp_path):
    first = make_bank(state_dir=tmp_path)
    first.act("revise", series=IPCA, month="2024-03", value="9.99")
    first.act("advance_clock", days=30)
    first.running.stop()

    again = make_bank(state_dir=tmp_path)

    assert str(again.truth(IPCA)[date(2024, 3, 1)]) == "9.99"
    assert again.control("state")["date"] == "2026-12-19"


def test_each_fault_of_its_own(bank):
    period = ("01/08/2026", "31/10/2026")
    plain = bank.rows(IPCA, *period)

    bank.fault("duplicate-rows", IPCA, count=1)
    assert bank.rows(IPCA, *period) == [*plain, plain[-1]]
    bank.fault("duplicate-rows", IPCA, count=1, value="9.99")
    assert bank.rows(IPCA, *period)[-1] == {**plain[-1], "valor": "9.99"}
    bank.fault("disorder", IPCA, count=1)
    assert bank.rows(IPCA, *period) == plain[::-1]
    bank.fault("comma", IPCA, count=1, item=1)
    assert "," in bank.rows(IPCA, *period)[1]["valor"]
    bank.fault("future-month", IPCA, count=1)
    assert bank.rows(IPCA, *period)[-1]["data"] == "01/12/2026"
    bank.fault("html", IPCA, count=1)
    assert bank.get(IPCA).text.startswith("<?xml")
    bank.fault("refused-range", IPCA, count=1, value=400)
    assert bank.get(IPCA).status_code == 400
    bank.fault("404", IPCA, count=1)
    assert bank.get(IPCA).json()["erro"]["statusCode"] == 404
    assert bank.rows(IPCA, *period) == plain


def test_common_faults_happen_here_too(bank):
    bank.fault("500", IGPM, count=1)
    assert bank.get(IGPM).status_code == 500
    bank.fault("cut-body", IGPM, count=1)
    with pytest.raises(requests.RequestException):
        bank.get(IGPM)
    bank.fault("429", IGPM, count=1, retry_after=7)
    assert bank.get(IGPM).headers["Retry-After"] == "7"


def test_the_help_names_what_it_can_do(bank):
    help = bank.control("")

    assert set(help["actions"]) == {"revise", "remove", "advance_clock"}
    assert bank.control("customers") == {"on": "2026-11-19", "customers": []}
    assert bank.control("events") == {"events": []}
    assert "reason" in bank.control("settings", {"switches": {"other": True}})
    assert "reason" in bank.control("faults", {"kind": "earthquake"})


def test_the_command_serves_it():
    command = [sys.executable, "manage.py", "sandbox", "sgs", "--port", "0", "--seed", "7"]
    process = subprocess.Popen(
        [*command, "--date", "2026-11-19"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        url = re.search(r"http://\S+?(?=[ /])", process.stdout.readline())[0]
        found = requests.get(f"{url}/_sandbox/state", timeout=5).json()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        process.stdout.close()

    assert (found["sandbox"], found["seed"], found["series"]["433"]) == ("sgs", 7, 562)
