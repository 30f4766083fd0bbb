"""Renegotiations through the API: who is refused, with what words, and what is seen when."""

from decimal import Decimal
from typing import Any

import pytest

from integrations.sandbox import jsonio

CONDITION = {
    "conditionTypeId": "PM",
    "totalValue": 4284.15,
    "installmentsNumber": 6,
    "firstPayment": "2026-12-10",
    "bearerId": 1,
    "matchMaturities": "N",
    "indexerId": 0,
    "baseDate": "2026-10-01",
    "interestType": "N",
    "interestPercentage": 0,
    "monthsGracePeriod": 0,
    "baseDateInterest": None,
}
WANTED: dict[str, Any] = {
    "billReceivableId": 5600,
    "remadeDate": "2026-11-19",
    "calculationDate": "2026-11-19",
    "installments": "2/3/4/5",
    "builtInterestRule": "A",
    "interestPresentValue": None,
    "differenceType": "J",
    "operationType": "R",
    "remadeType": "A",
    "remadeDescription": "Acordo 1029 - Cobrança",
    "confirmLastReadjustmentDateChange": "N",
    "paymentConditions": [CONDITION],
}
PATH = "/remade-installments"


def post(api, **changes):
    return api.ask("POST", PATH, json=WANTED | changes)


def made(api):
    rows = {row["id"]: row for row in api.book()[5600]["installments"]}
    return [Decimal(str(rows[n]["original"])) for n in sorted(rows) if n > 38]


def test_the_residue_of_the_division_goes_on_the_first(api):
    assert post(api, paymentConditions=[CONDITION | {"totalValue": 3692.78}]).status_code == 201

    assert made(api) == [Decimal("615.48")] + [Decimal("615.46")] * 5


def test_price_applies_the_monthly_interest(api):
    line = CONDITION | {
        "totalValue": 1000,
        "installmentsNumber": 4,
        "interestType": "P",
        "interestPercentage": 1.5,
    }

    post(api, paymentConditions=[line])

    # 1000 · 0.015 / (1 − 1.015⁻⁴)
    assert made(api) == [Decimal("259.44")] * 4


def test_due_dates_are_monthly_and_ids_go_on_after_the_highest(api):
    post(api, paymentConditions=[CONDITION | {"firstPayment": "2027-01-31"}])

    rows = [row for row in api.book()[5600]["installments"] if row["id"] > 38]
    assert [row["id"] for row in rows] == [39, 40, 41, 42, 43, 44]
    assert [row["due_on"] for row in rows][:3] == ["2027-01-31", "2027-02-28", "2027-03-31"]


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"billReceivableId": 999999}, 404, "Título"),
        ({"billReceivableId": "5600"}, 400, ""),
        ({"installments": "1/2"}, 422, "sem saldo"),
        ({"installments": "2/2"}, 422, "repetida"),
        ({"installments": "2/999"}, 422, "inexistente"),
        ({"installments": "2;3"}, 400, ""),
        ({"paymentConditions": []}, 422, "condições de pagamento"),
        ({"paymentConditions": ["x"]}, 400, ""),
        ({"remadeDate": "19/11/2026"}, 400, ""),
        ({"builtInterestRule": "V"}, 400, ""),
        ({"builtInterestRule": "X"}, 400, ""),
        ({"operationType": "X"}, 400, ""),
        ({"paymentConditions": [CONDITION | {"conditionTypeId": "ZZ"}]}, 422, "inexistente"),
        ({"paymentConditions": [CONDITION | {"indexerId": 99}]}, 422, "inexistente"),
        ({"paymentConditions": [CONDITION | {"firstPayment": "2026-11-18"}]}, 422, "vencimento"),
        ({"paymentConditions": [CONDITION | {"installmentsNumber": 0}]}, 400, ""),
        ({"paymentConditions": [CONDITION | {"totalValue": "x"}]}, 400, ""),
    ],
)
def test_a_refusal_has_words_for_the_operator_and_changes_nothing(api, changes, status, words):
    before = api.book()[5600]

    answer = post(api, **changes)

    assert answer.status_code == status
    assert words in answer.json()["clientMessage"]
    assert api.book()[5600] == before
    assert not api.events()


def test_the_tenant_may_want_the_readjustment_confirmed(api):
    api.configure(switches={"parameter_291": True})
    api.world.bills[5600].annual_correction = True

    assert post(api).status_code == 422
    assert post(api, confirmLastReadjustmentDateChange="S").status_code == 201


def test_readings_may_not_find_at_once_what_was_just_made(api):
    api.configure(switches={"remade_lag": 2})
    post(api)

    statuses = [api.get(PATH, billReceivableId=5600).status_code for _ in range(3)]

    assert statuses == [404, 404, 200]


def test_asking_twice_for_the_same_is_refused_the_second_time(api):
    assert post(api).status_code == 201

    assert "sem saldo" in post(api).json()["clientMessage"]


def test_an_answer_lost_after_the_renegotiation_leaves_it_made(api):
    api.fault("reset-after-apply", path=PATH, method="POST")
    with pytest.raises(OSError):
        post(api)

    (row,) = jsonio.load(api.get(PATH, billReceivableId=5600).content)["results"]
    assert row["generatedInstallmentsDescription"] == "39, 40, 41, 42, 43, 44"


def test_undoing_it_gives_the_old_ones_back_to_the_cent(api):
    before = api.book()[5600]["installments"]
    post(api)

    undone = api.ask(
        "DELETE",
        PATH,
        params={
            "billReceivableId": 5600,
            "remadeDate": "2026-11-19",
            "validateGeneratedCollection": "true",
        },
    )

    assert undone.status_code == 204
    after = [row | {"changed_on": None} for row in api.book()[5600]["installments"]]
    assert after == [row | {"changed_on": None} for row in before]


@pytest.mark.parametrize("engaged", ["pay", "register_boleto"])
def test_one_with_a_slip_or_a_receipt_is_undone_only_without_the_check(api, engaged):
    post(api)
    api.act(engaged, bill=5600, installment=39)
    asked = {"billReceivableId": 5600, "remadeDate": "2026-11-19"}

    checked = api.ask("DELETE", PATH, params=asked | {"validateGeneratedCollection": "true"})
    unchecked = api.ask("DELETE", PATH, params=asked)

    assert (checked.status_code, unchecked.status_code) == (422, 204)
    assert api.ask("DELETE", PATH, params=asked).status_code == 404
