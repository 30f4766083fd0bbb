"""The bulk API: streams, filters, change tracking and the asynchronous mode."""

from collections import defaultdict
from decimal import Decimal

import pytest


def keys(items):
    return {(row["billId"], row["installmentId"]) for row in items}


def truth(api, **wanted):
    """Return the book's installments of the bills that have these values."""
    return {
        (bill["bill"], row["id"]): row
        for bill in api.book().values()
        if all(bill[name] == value for name, value in wanted.items())
        for row in bill["installments"]
    }


# --- income ---------------------------------------------------------------------------------------


def test_income_is_the_whole_book(reading):
    book, items = truth(reading), reading.income()

    assert len(items) == len(book)
    for item in items:
        row = book[item["billId"], item["installmentId"]]
        assert item["originalAmount"] == row["original"]
        assert item["balanceAmount"] == row["balance"]
        assert item["dueDate"] == row["due_on"]
        assert item["paymentTerm"]["id"] == row["condition"]
        operations = [receipt["operationTypeName"] for receipt in item.get("receipts", [])]
        assert operations == [receipt["operation_name"] for receipt in row["receipts"]]


@pytest.mark.parametrize("missing", ["startDate", "endDate", "selectionType"])
def test_income_needs_a_period_and_what_it_selects(reading, missing):
    query = {"startDate": "2026-01-01", "endDate": "2026-12-31", "selectionType": "D"}
    del query[missing]

    assert reading.ask_bulk("/income", **query).status_code == 400


def test_income_refuses_an_unknown_selection(reading):
    query = {"startDate": "2026-01-01", "endDate": "2026-12-31", "selectionType": "X"}

    assert reading.ask_bulk("/income", **query).status_code == 400


def test_income_of_one_company(reading):
    assert keys(reading.income(companyId=17)) == set(truth(reading, company=17))


def test_income_by_due_date(reading):
    found = keys(reading.income(startDate="2026-10-01", endDate="2026-10-31"))

    expected = {k for k, row in truth(reading).items() if row["due_on"].startswith("2026-10")}
    assert found == expected != set()


def test_income_by_payment_date_has_only_what_was_received_in_the_period(reading):
    found = keys(reading.income(startDate="2026-10-01", endDate="2026-10-31", selectionType="P"))

    expected = {
        key
        for key, row in truth(reading).items()
        if any(receipt["paid_on"].startswith("2026-10") for receipt in row["receipts"])
    }
    assert found == expected != set()


def test_income_by_issue_date_has_whole_bills(reading):
    found = keys(reading.income(startDate="2026-05-28", endDate="2026-05-28", selectionType="I"))

    assert {(5600, number) for number in range(1, 39)} <= found


def test_income_leaves_half_entered_bills_out_on_request(reading):
    everything, complete = keys(reading.income()), keys(reading.income(completedBills="S"))

    assert complete == set(truth(reading, complete=True))
    assert everything - complete == set(truth(reading, complete=False)) != set()


def test_income_is_filtered_by_origin_bearer_and_cost_centre(reading):
    assert keys(reading.income(originsIds="CR,NS")) == {
        *truth(reading, origin="CR"),
        *truth(reading, origin="NS"),
    }
    assert keys(reading.income(costCentersId="42")) == set(truth(reading, enterprise=42))
    one = {key for key, row in truth(reading).items() if row["bearer"] == 1}
    assert keys(reading.income(bearersIdIn="1")) == one
    assert keys(reading.income(bearersIdNotIn="1")) == set(truth(reading)) - one


def test_income_of_chosen_bills(reading):
    assert keys(reading.data("/income/by-bills", billsIds="5600")) == set(truth(reading, bill=5600))
    assert reading.data("/income/by-bills", billsIds="1,2") == []
    assert reading.ask_bulk("/income/by-bills").status_code == 400


def test_avulsos_have_no_project_and_no_unit(reading):
    loose = reading.income(originsIds="CR")

    assert None in {row["projectId"] for row in loose}
    assert {row["mainUnit"] for row in loose} == {None}
    assert {row["documentForecast"] for row in loose} == {"S", "N"}


def test_non_cash_receipts_have_no_bank_movement(reading):
    for item in reading.income():
        for receipt in item.get("receipts", []):
            is_cash = receipt["operationTypeName"] in ("Recebimento", "Adiantamento")
            assert bool(receipt["bankMovements"]) == is_cash


def test_another_indexer_or_day_corrects_otherwise(reading):
    def corrected(**query):
        return {
            (row["billId"], row["installmentId"]): Decimal(str(row["correctedBalanceAmount"]))
            for row in reading.income(companyId=17, **query)
        }

    assert corrected()[5600, 2] == 1000
    assert corrected(correctionIndexerId=5)[5600, 2] > 1000
    later = corrected(correctionIndexerId=5, correctionDate="2027-11-19")
    assert later[5600, 2] > corrected(correctionIndexerId=5)[5600, 2]
    assert reading.ask_bulk("/income/by-bills", billsIds="5600", correctionIndexerId=9).ok is False


def test_an_empty_answer_may_be_a_404(api):
    query = {"startDate": "1990-01-01", "endDate": "1990-01-02", "selectionType": "D"}
    assert api.data("/income", **query) == []

    api.configure(switches={"empty_bulk_404": True})

    assert api.ask_bulk("/income", **query).status_code == 404
    assert len(api.income(companyId=17)) == 38


def test_the_answer_is_chunked_and_nothing_is_buffered_whole(reading):
    answer = reading.ask_bulk(
        "/income", startDate="1990-01-01", endDate="2090-01-01", selectionType="D"
    )

    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in answer.headers


# --- change tracking ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "arguments", "changed"),
    [
        ("pay", {"bill": 5600, "installment": 2}, {2}),
        ("pay", {"bill": 5600, "installment": 2, "amount": "10.00"}, {2}),
        ("reverse_receipt", {"bill": 5600, "installment": 1}, {1}),
        ("change_installment", {"bill": 5600, "installment": 3, "due_on": "2027-01-04"}, {3}),
        ("register_boleto", {"bill": 5600, "installment": 38}, {38}),
        ("add_installment", {"bill": 5600, "due_on": "2027-01-04", "amount": "5"}, {39}),
        ("cancel_contract", {"contract": 812}, set(range(2, 39))),
        ("cede", {"contract": 812, "customer": 3500}, set(range(1, 39))),
        ("renegotiate", {"bill": 5600, "installments": [2, 3], "parts": 2}, {2, 3, 39, 40}),
    ],
)
def test_bulk_answers_what_changed_since_a_day(api, action, arguments, changed):
    api.control("clock", {"advance_days": 10})
    assert api.income(changeStartDate="2026-11-29") == []

    api.act(action, **arguments)

    expected = {(5600, number) for number in changed}
    assert keys(api.income(changeStartDate="2026-11-29")) == expected
    extract = api.extract(changeStartDate="2026-11-29")
    found = {(row["billReceivableId"], i["id"]) for row in extract for i in row["installments"]}
    assert found == expected
    api.control("clock", {"advance_days": 1})
    assert api.income(changeStartDate="2026-11-30") == []


# --- extract, debt balance, defaulters, movements, sales ------------------------------------------


def test_the_extract_groups_the_book_by_bill(reading):
    found = {
        (bill["billReceivableId"], row["id"]): row
        for bill in reading.extract()
        for row in bill["installments"]
    }

    book = truth(reading)
    assert set(found) == set(book)
    for key, row in found.items():
        paid, original = Decimal(str(book[key]["balance"])), Decimal(str(book[key]["original"]))
        expected = "2" if paid == 0 else "1" if paid < original else "0"
        assert row["installmentSituation"] == expected


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ({"companyId": 17}, "company", 17),
        ({"billReceivableId": 5600}, "bill", 5600),
        ({"costCenterId": 42}, "enterprise", 42),
        ({"documentsId": "NF"}, "document_type", "NF"),
    ],
)
def test_the_extract_is_filtered(reading, query, field, value):
    found = {row["billReceivableId"] for row in reading.extract(**query)}

    assert found == {bill for bill, row in reading.book().items() if row[field] == value} != set()


def test_the_extract_hides_ended_installments_on_request(reading):
    flags = ("includeRemadeInstallments", "includeRevokedInstallments")
    hidden = reading.extract(**dict.fromkeys(flags, "false"))
    types = {
        receipt["type"]
        for bill in hidden
        for row in bill["installments"]
        for receipt in row["receipts"]
    }

    assert "Recebimento" in types
    assert not types & {"Reparcelamento", "Distrato"}
    shown = sum(len(bill["installments"]) for bill in reading.extract())
    assert sum(len(bill["installments"]) for bill in hidden) < shown


def test_documents_come_formatted_or_not(reading):
    documents = [row["customer"]["document"] for row in reading.extract()]

    assert any(document and "." in document for document in documents)
    assert any(document and document.isdigit() for document in documents)


def test_the_debt_balance_separates_the_additions(reading):
    period = {"startDueDate": "2026-06-01", "endDueDate": "2026-12-31", "companyId": 17}
    rows = reading.data("/customer-debt-balance", **period)[0]["installments"]

    late = [row for row in rows if row["status"] == "Vencida"]
    assert {row["status"] for row in rows} == {"Paga", "Vencida", "A vencer"}
    for row in late:
        parts = sum(Decimal(str(row[name])) for name in ("penalty", "interest", "lateFee"))
        assert parts == Decimal(str(row["additionsValue"])) > 0
    plain = reading.data("/customer-debt-balance", **period, calculateAdditionsValue="false")
    assert {row["additionsValue"] for row in plain[0]["installments"]} == {0}


def test_the_debt_balance_takes_rates_of_ones_own(reading):
    query = {"startDueDate": "2026-06-30", "endDueDate": "2026-06-30", "companyId": 17}
    own = {"calculateAdditionsUserInformation": "true", "fineAdditions": "10"}

    row = reading.data("/customer-debt-balance", **query, **own)[0]["installments"][0]

    assert (row["penalty"], row["interest"], row["lateFee"]) == (100, 0, 0)


def test_defaulters_are_the_overdue_bills_of_one_company(reading):
    assert reading.ask_bulk("/defaulters-receivable-bills").status_code == 400

    found = reading.data("/defaulters-receivable-bills", companyId=1)

    expected = defaultdict(set)
    for bill in reading.book().values():
        if bill["company"] == 1 and bill["complete"] and not bill["forecast"]:
            for row in bill["installments"]:
                if row["balance"] > 0 and row["due_on"] < "2026-11-19":
                    expected[bill["bill"]].add(row["id"])
    rows = {b["receivableBillId"]: b["defaulterInstallments"] for b in found}
    assert {bill: {i["installmentId"] for i in each} for bill, each in rows.items()} == expected
    aging = reading.data("/defaulters-receivable-bills/by-aging", companyId=1)
    assert aging == found


def test_defaulters_can_be_only_those_sent_to_the_bureau(api):
    assert api.data("/defaulters-receivable-bills", companyId=17, showSentToSPCSerasa="S") == []

    api.act("negativate", bill=5600, installment=3)

    found = api.data("/defaulters-receivable-bills", companyId=17, showSentToSPCSerasa="S")
    assert [row["installmentId"] for row in found[0]["defaulterInstallments"]] == [3]
    assert found[0]["defaulterInstallments"][0]["installmentSentToSPCSerasa"] == "S"


def test_bank_movements_are_the_cash_receipts(reading):
    period = {"startDate": "2026-01-01", "endDate": "2026-11-19", "selectionType": "M"}

    found = {row["bankMovementId"] for row in reading.data("/bank-movement", **period)}

    assert found == {
        receipt["movement"]
        for row in truth(reading).values()
        for receipt in row["receipts"]
        if receipt["movement"] and "2026-01-01" <= receipt["paid_on"] <= "2026-11-19"
    }
    assert reading.data("/bank-movement", **period, onlyDetachedMovement="S") == []


def test_sales_of_an_enterprise_by_situation(reading):
    period = {"enterpriseId": 42, "createdAfter": "2000-01-01", "createdBefore": "2030-01-01"}

    sold = reading.data("/sales", **period, situation="SOLD")

    assert [row["id"] for row in sold] == [812]
    assert sold[0]["customers"][0]["spouseData"]["name"] == "JOÃO EXEMPLO DA SILVA"
    assert sold[0]["paymentConditions"][0]["bearerId"] == "1"
    assert reading.data("/sales", **period, situation="CANCELED") == []
    assert reading.ask_bulk("/sales", **period, situation="OTHER").status_code == 400


# --- asynchronous ---------------------------------------------------------------------------------


def poll(api, identifier):
    for _ in range(200):
        state = api.ask_bulk(f"/async/{identifier}").json()
        if state["status"] not in ("Waiting", "Processing"):
            return state
    raise AssertionError("never finished")


def test_an_asynchronous_query_waits_processes_and_finishes(api):
    identifier = api.ask_bulk("/income/by-bills", billsIds="5600", _async="true").json()[
        "identifier"
    ]
    polls = [api.ask_bulk(f"/async/{identifier}").json()["status"] for _ in range(2)]

    state = poll(api, identifier)

    assert polls == ["Waiting", "Processing"]
    assert state == {"status": "Finished", "chunks": 1}
    assert len(api.data(f"/async/{identifier}/result/1")) == 38


def test_an_asynchronous_answer_comes_in_chunks_of_the_size_asked_for(api):
    query = {"startDate": "1990-01-01", "endDate": "2090-01-01", "selectionType": "D"}
    asked = api.ask_bulk("/income", **query, _async="true", _asyncChunkMaxSize=100)
    identifier = asked.json()["identifier"]

    chunks = poll(api, identifier)["chunks"]

    parts = [api.data(f"/async/{identifier}/result/{n}") for n in range(1, chunks + 1)]
    assert chunks > 2
    assert [row for part in parts for row in part] == api.income()
    assert api.ask_bulk(f"/async/{identifier}/result/{chunks + 1}").status_code == 404


def test_an_asynchronous_answer_is_kept_a_day(api):
    asked = api.ask_bulk("/income/by-bills", billsIds="5600", _async="true")
    identifier = asked.json()["identifier"]
    poll(api, identifier)
    api.control("clock", {"advance_days": 1})
    assert api.ask_bulk(f"/async/{identifier}").status_code == 200

    api.control("clock", {"advance_days": 1})

    assert api.ask_bulk(f"/async/{identifier}").status_code == 404
    assert api.ask_bulk("/async/unknown").status_code == 404


# --- documented names -----------------------------------------------------------------------------


def test_spec_mode_answers_with_the_documented_names(api):
    api.configure(switches={"spec_mode": True})
    bills = "/accounts-receivable/receivable-bills"

    installment = api.rows(f"{bills}/5600/installments")[0]

    assert "generatedTicket" in installment
    assert "generatedBoleto" not in installment
    assert api.rows(bills, customerId=3431)[0]["documentId"] == "CT"
    assert "address" in api.get("/enterprises/42").json()
    assert api.income(companyId=17)[0]["paymentTerm"] == {"id": "AT", "description": "Ato"}
    balance = api.rows("/current-debit-balance", cpf="11144477735")[0]
    assert "generatedBoleto" in balance["dueInstallments"][0]
    asked = api.ask_bulk("/income/by-bills", billsIds="5600", _async="true").json()["identifier"]
    poll(api, asked)
    assert "description" in api.data(f"/async/{asked}/result/1")[0]["paymentTerm"]
