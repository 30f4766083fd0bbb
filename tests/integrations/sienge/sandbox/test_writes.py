"""The writing endpoints: contact data, hooks, cancellation, due dates and renegotiations."""

import pytest

PHONES = [
    {"number": "048999990000", "main": True, "type": "CE", "note": "", "idd": "55"},
    {"number": "04833330000", "main": False, "type": "RE", "note": "INATIVO-COBRANCA"},
]
ADDRESS = {
    "streetName": "Rua Nova",
    "number": "200",
    "complement": "AP 12",
    "neighborhood": "Centro",
    "cityId": 4321,
    "state": "SC",
    "zipCode": "88000000",
}
REMAKING = {
    "billReceivableId": 5600,
    "remadeDate": "2026-11-19",
    "calculationDate": "2026-11-19",
    "installments": "2/3/4/5",
    "builtInterestRule": "A",
    "differenceType": "J",
    "operationType": "R",
    "remadeType": "A",
    "remadeDescription": "Acordo 1029 - Cobrança",
    "paymentConditions": [
        {
            "conditionTypeId": "PM",
            "totalValue": 4284.15,
            "installmentsNumber": 6,
            "firstPayment": "2026-12-10",
            "bearerId": 1,
            "indexerId": 0,
            "baseDate": "2026-10-01",
            "interestType": "N",
            "interestPercentage": 0,
        }
    ],
}


def remake(api, **changes):
    return api.ask("POST", "/remade-installments", json=REMAKING | changes)


def condition(**changes):
    return [REMAKING["paymentConditions"][0] | changes]


def undo(api, **query):
    wanted = {"billReceivableId": 5600, "remadeDate": "2026-11-19"} | query
    return api.ask("DELETE", "/remade-installments", params=wanted)


# --- contact data ---------------------------------------------------------------------------------


def test_the_phones_sent_replace_all_the_others(api):
    answer = api.ask("PUT", "/customers/3431/phones", json={"phones": PHONES})

    assert (answer.status_code, answer.content) == (204, b"")
    shown = api.get("/customers/3431").json()["phones"]
    assert [(phone["number"], phone["main"], phone["type"]) for phone in shown] == [
        ("048999990000", True, "Celular"),
        ("04833330000", False, "Residencial"),
    ]
    assert shown[1]["note"] == "INATIVO-COBRANCA"
    assert api.get("/customers/3431").json()["modifiedAt"] == "2026-11-19"
    assert api.events() == [("CUSTOMER_UPDATED", {"customerId": 3431})]


@pytest.mark.parametrize(
    ("phones", "field"),
    [
        ([], "phones"),
        ([PHONES[1]], "phones"),
        ([PHONES[0], PHONES[0]], "phones"),
        ([PHONES[0] | {"number": "(48) 99999-0000"}], "phones[0].number"),
        ([PHONES[0] | {"type": "XX"}], "phones[0].type"),
        ([PHONES[0] | {"note": "x" * 41}], "phones[0].note"),
    ],
)
def test_phones_without_one_main_or_badly_formed_are_answered_400(api, phones, field):
    answer = api.ask("PUT", "/customers/3431/phones", json={"phones": phones})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert len(api.get("/customers/3431").json()["phones"]) == 2


def test_a_body_that_is_not_json_is_answered_400(api):
    headers = {"Content-Type": "application/json"}

    for body in ("{", "[]", '"\\u0000"'):
        answer = api.ask("PUT", "/customers/3431/phones", data=body, headers=headers)
        assert answer.status_code == 400


def test_an_address_is_created_or_replaced_by_type(api):
    assert api.ask("PUT", "/customers/3431/addresses/C", json=ADDRESS).status_code == 204
    assert api.ask("PUT", "/customers/3431/addresses/R", json=ADDRESS).status_code == 204

    shown = api.get("/customers/3431").json()["addresses"]
    assert {row["type"]: row["streetName"] for row in shown} == {
        "Comercial": "Rua Nova",
        "Residencial": "Rua Nova",
    }
    assert api.ask("PUT", "/customers/3431/addresses/X", json=ADDRESS).status_code == 400
    assert api.ask("PUT", "/customers/1/addresses/R", json=ADDRESS).status_code == 404


# --- hooks ----------------------------------------------------------------------------------------


def test_hooks_are_created_listed_and_deleted(api):
    wanted = {"url": "https://cobranca.example/h", "token": "t", "events": ["RECEIPT_PROCESSED"]}

    made = api.ask("POST", "/hooks", json=wanted)

    assert made.status_code == 200
    assert made.json() == {
        "id": made.json()["id"],
        "url": wanted["url"],
        "events": wanted["events"],
    }
    assert api.rows("/hooks") == [made.json()]
    path = f"/hooks/{made.json()['id']}"
    assert api.get(path).json() == made.json()
    assert api.ask("DELETE", path).status_code == 200
    assert api.rows("/hooks") == []
    assert api.ask("DELETE", path).status_code == 404


def test_a_misspelt_event_is_accepted(api):
    wanted = {"url": "https://cobranca.example/h", "events": ["SALES_CONTRACT_CANCELLED"]}

    assert api.ask("POST", "/hooks", json=wanted).json()["events"] == wanted["events"]


@pytest.mark.parametrize(
    "wanted",
    [{}, {"url": "x", "events": ["A"]}, {"url": "https://x", "events": []}, {"url": "https://x"}],
)
def test_a_bad_hook_is_refused_in_the_words_of_the_hooks_api(api, wanted):
    answer = api.ask("POST", "/hooks", json=wanted)

    assert answer.status_code == 400
    assert answer.json()["status"] == "400"
    assert isinstance(answer.json()["userMessage"], list)


# --- cancellation and due date --------------------------------------------------------------------


def test_a_contract_is_cancelled_once(api):
    body = {"date": "2026-11-19", "reason": "Distrato por inadimplência", "subType": "I"}
    path = "/sales-contracts/812/cancellation"

    assert api.ask("POST", path, json=body).status_code == 201
    assert api.get("/sales-contracts/812").json()["situation"] == "Cancelado"
    assert api.ask("POST", path, json=body).status_code == 422
    for field in body:
        incomplete = {name: value for name, value in body.items() if name != field}
        assert api.ask("POST", path, json=incomplete).status_code == 400


@pytest.mark.parametrize(
    ("installment", "day", "status"),
    [
        (3, "2026-12-01", 204),
        (1, "2026-12-01", 422),
        (3, "2026-11-18", 422),
        (3, "amanhã", 400),
        (99, "2026-12-01", 404),
    ],
)
def test_a_due_date_moves_only_forward_and_without_receipts(api, installment, day, status):
    path = f"/accounts-receivable/receivable-bills/5600/installments/{installment}/change-due-date"

    answer = api.ask("PATCH", path, json={"newDueDate": day})

    assert answer.status_code == status
    rows = {row["id"]: row for row in api.book()[5600]["installments"]}
    assert (rows[3]["due_on"] == "2026-12-01") == (status == 204)


# --- renegotiation --------------------------------------------------------------------------------


def test_the_renegotiation_of_the_reference(api):
    answer = remake(api)

    assert answer.status_code == 201
    rows = {row["id"]: row for row in api.book()[5600]["installments"]}
    assert [rows[number]["balance"] for number in (2, 3, 4, 5, 6)] == [0, 0, 0, 0, 1000]
    assert [rows[number]["original"] for number in range(39, 45)] == [
        714.05, 714.02, 714.02, 714.02, 714.02, 714.02,
    ]  # fmt: skip
    assert [rows[number]["due_on"] for number in (39, 44)] == ["2026-12-10", "2027-05-10"]
    assert answer.json()[0]["installmentId"] == 39
    assert api.rows("/remade-installments", billReceivableId=5600)[0]["generatedValue"] == 4284.15


def test_one_generated_installment_is_answered_as_an_object(api):
    answer = remake(api, paymentConditions=condition(installmentsNumber=1))

    assert answer.json()["installmentId"] == 39


def test_price_interest_makes_equal_parts_above_the_total(api):
    remake(api, paymentConditions=condition(interestType="P", interestPercentage=1))

    rows = [row for row in api.book()[5600]["installments"] if row["id"] > 38]
    assert {row["original"] for row in rows} == {739.22}


def test_a_down_payment_is_a_condition_of_its_own(api):
    entry = condition(conditionTypeId="S", installmentsNumber=1, totalValue=500)
    remake(api, paymentConditions=entry + condition(totalValue=3784.15))

    rows = [row for row in api.book()[5600]["installments"] if row["id"] > 38]
    assert [row["condition"] for row in rows] == ["S"] + ["PM"] * 6
    assert rows[0]["original"] == 500


def test_installments_may_end_without_new_ones(api):
    assert remake(api, operationType="D", paymentConditions=[]).status_code == 201

    assert len(api.book()[5600]["installments"]) == 38


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"billReceivableId": 1}, 404),
        ({"billReceivableId": "5600"}, 400),
        ({"installments": "1/2"}, 422),
        ({"installments": "2/2"}, 422),
        ({"installments": "2/999"}, 422),
        ({"installments": "2,3"}, 400),
        ({"installments": ""}, 400),
        ({"paymentConditions": []}, 422),
        ({"paymentConditions": condition(installmentsNumber=0)}, 400),
        ({"paymentConditions": condition(conditionTypeId="ZZ")}, 422),
        ({"paymentConditions": condition(firstPayment="x")}, 400),
        ({"remadeDate": None}, 400),
    ],
)
def test_an_impossible_renegotiation_changes_nothing(api, changes, status):
    before = api.book()[5600]

    assert remake(api, **changes).status_code == status

    assert api.book()[5600] == before


def test_a_renegotiation_is_undone_by_its_date(api):
    before = [row["balance"] for row in api.book()[5600]["installments"]]
    remake(api)

    assert undo(api, remadeDate="2026-11-18").status_code == 404
    assert undo(api, validateGeneratedCollection="true").status_code == 204

    assert [row["balance"] for row in api.book()[5600]["installments"]] == before
    assert undo(api).status_code == 404


@pytest.mark.parametrize("action", ["pay", "register_boleto"])
def test_a_renegotiation_already_collected_is_undone_only_unchecked(api, action):
    remake(api)
    api.act(action, bill=5600, installment=39)

    assert undo(api, validateGeneratedCollection="true").status_code == 422
    assert undo(api, validateGeneratedCollection="false").status_code == 204
