"""Sales contracts, units, guarantors and enterprises."""

from decimal import Decimal

import pytest


def contracts(api, **query):
    return api.rows("/sales-contracts", limit=200, **query)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"companyId": 1}, "companyId"),
        ({"enterpriseId": 101}, "enterpriseId"),
        ({"number": "VIND-304"}, "number"),
        ({"unitId": 1304}, None),
        ({"customerId": 3431}, None),
    ],
)
def test_contracts_are_filtered(reading, query, field):
    found = contracts(reading, **query)

    assert found
    assert len(found) < len(contracts(reading))
    if field:
        assert {row[field] for row in found} == set(query.values())
    else:
        assert [row["id"] for row in found] == [812]


def test_zero_asks_for_every_company(reading):
    assert contracts(reading, companyId=0) == contracts(reading)


def test_a_co_holder_finds_the_contract(reading):
    shared = next(row for row in contracts(reading) if len(row["salesContractCustomers"]) == 2)

    for holder in shared["salesContractCustomers"]:
        assert shared["id"] in [row["id"] for row in contracts(reading, customerId=holder["id"])]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ("2", {"Emitido"}),
        ("3", {"Cancelado"}),
        ("0,1", {"Solicitado", "Autorizado"}),
        ("2,3", {"Emitido", "Cancelado"}),
    ],
)
def test_situations_are_asked_by_code_and_answered_by_word(reading, codes, words):
    assert {row["situation"] for row in contracts(reading, situation=codes)} <= words


def test_a_tenant_may_answer_codes_instead(api):
    api.configure(switches={"situation_codes": True})

    assert {row["situation"] for row in contracts(api)} == {"0", "1", "2", "3"} & {
        row["situation"] for row in contracts(api)
    }
    assert api.get("/sales-contracts/812").json()["situation"] == "2"


def test_an_unknown_situation_is_answered_400(reading):
    assert reading.get("/sales-contracts", situation="9").status_code == 400


def test_a_contract_without_bill_is_not_issued_yet(reading):
    waiting = [row for row in contracts(reading) if row["receivableBillId"] is None]

    assert waiting
    assert {row["situation"] for row in waiting} <= {"Solicitado", "Autorizado"}
    assert {row["issueDate"] for row in waiting} == {None}


def test_cancelled_contracts_are_found_by_their_date_and_owe_nothing(reading):
    cancelled = contracts(reading, initialCancelDate="2000-01-01")

    assert cancelled
    for row in cancelled:
        assert row["situation"] == "Cancelado"
        assert row["cancellationReason"]
        assert all(plan["outstandingBalance"] == 0 for plan in row["paymentConditions"])


def test_the_payment_plan_adds_up_to_the_book(reading):
    book = reading.book()

    for row in contracts(reading):
        if row["receivableBillId"] is not None:
            truth = book[row["receivableBillId"]]["installments"]
            shown = sum(Decimal(str(p["outstandingBalance"])) for p in row["paymentConditions"])
            owed = sum(Decimal(str(each["balance"])) for each in truth)
            assert abs(shown - owed) < Decimal("0.001")
            assert sum(p["installmentsNumber"] for p in row["paymentConditions"]) == len(truth)


def test_the_change_date_of_a_contract_moves_with_what_happens_to_it(api):
    api.control("clock", {"date": "2026-12-01"})
    assert contracts(api, modifiedAfter="2026-12-01") == []

    api.act("cancel_contract", contract=812)

    changed = contracts(api, modifiedAfter="2026-12-01")
    assert [(row["id"], row["lastUpdateDate"]) for row in changed] == [(812, "2026-12-01")]


def test_guarantors_come_in_pages(reading):
    lists = [
        reading.get(f"/sales-contracts/{row['id']}/guarantors").json() for row in contracts(reading)
    ]
    found = [row for page in lists for row in page["results"]]

    assert found
    assert {"name", "cpf", "address", "phones", "spouse"} <= set(found[0])
    assert reading.get("/sales-contracts/812/guarantors").json()["results"] == []
    assert reading.get("/sales-contracts/812/guarantors/1").status_code == 404


def test_units_are_filtered_by_enterprise_name_and_stock(reading):
    found = reading.rows("/units", enterpriseId=42, name="304", commercialStock="V")

    assert [row["id"] for row in found] == [1304]
    assert found[0]["groupings"] == []
    available = reading.rows("/units", commercialStock="D,R", limit=200)
    assert {row["commercialStock"] for row in available} == {"D", "R"}


def test_the_groupings_of_a_unit_and_an_enterprise_are_bare_arrays(reading):
    assert reading.get("/units/1304/groupings").json() == [
        {"groupingDescription": "TORRE", "valueGroupingDescription": "A"}
    ]
    groupings = reading.get("/enterprises/42/groupings").json()
    assert groupings[0]["unitGroupingDescription"] == "TORRE"


def test_one_enterprise_has_more_fields_than_the_list(reading):
    one = reading.get("/enterprises/42").json()
    listed = reading.rows("/enterprises", companyId=17)[0]

    assert {name: one[name] for name in listed} == listed
    assert one["addressDetails"]["city"] == "Florianópolis"
    assert one["costCenterStatus"] == "ACTIVE"


def test_enterprises_are_filtered_by_type(reading):
    found = reading.rows("/enterprises", type=4)

    assert found
    assert {row["type"] for row in found} == {"4"}
    assert reading.rows("/enterprises", receivableRegister="B3") == []


def test_a_cost_centre_has_its_sectors(reading):
    assert reading.get("/cost-centers/42").json()["buildingSectors"][0]["name"] == "TORRE A"
