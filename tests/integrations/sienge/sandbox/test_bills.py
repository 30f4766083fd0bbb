"""Receivable bills, balances, statements and second copies over REST."""

from datetime import date
from decimal import Decimal

import pytest

BILLS = "/accounts-receivable/receivable-bills"


def test_bills_need_a_customer_unless_the_tenant_is_lax(api):
    refused = api.get(BILLS)

    assert refused.status_code == 400
    assert refused.json()["developerMessage"] == "Parâmetro obrigatório customerId ausente"
    api.configure(switches={"bills_without_customer": True})
    assert api.get(BILLS, paidOff="true").json()["resultSetMetadata"]["count"] == len(api.book())


def test_settled_bills_are_hidden_unless_asked(reading):
    settled = next(row for row in reading.book().values() if not row["open"])
    customer = settled["customer"]

    hidden = [row["receivableBillId"] for row in reading.rows(BILLS, customerId=customer)]
    shown = reading.rows(BILLS, customerId=customer, paidOff="true")

    assert settled["bill"] not in hidden
    row = next(row for row in shown if row["receivableBillId"] == settled["bill"])
    assert row["payOffDate"] is not None


def test_document_types_are_padded_to_their_column(reading):
    assert reading.rows(BILLS, customerId=3431)[0]["documentId"] == "CT  "


def test_the_four_situation_flags_exclude_each_other(api):
    flags = ("normal", "inBilling", "defaulting", "subjudice")

    for situation in flags:
        api.act("classify_bill", bill=5600, situation=situation)
        row = api.get(f"{BILLS}/5600").json()
        assert [name for name in flags if row[name]] == [situation]


def test_installments_show_the_open_original_balance(reading):
    rows = reading.rows(f"{BILLS}/5600/installments")

    assert [row["installmentId"] for row in rows] == list(range(1, 39))
    assert rows[0]["balanceDue"] == 0
    assert rows[1] == {
        "receivableBillId": 5600,
        "installmentId": 2,
        "carrierId": 1,
        "conditionTypeId": "PM",
        "dueDate": "2026-06-30",
        "balanceDue": 1000.0,
        "generatedBoleto": True,
    }


def test_installments_are_filtered_by_carrier_and_none_is_a_404(reading):
    path = f"{BILLS}/5600/installments"

    assert len(reading.rows(path, carrierIdIn="1,2")) == 38
    assert reading.get(path, carrierIdNotIn="1").status_code == 404
    assert reading.get(f"{BILLS}/1/installments").status_code == 404


def test_the_financial_category_of_a_bill(reading):
    row = reading.rows("/accounts-receivable/5600/budget-categories")[0]

    assert row["costCenterId"] == 42
    assert row["links"][0]["href"].endswith("/accounts-receivable/receivable-bills/5600")


# --- current debit balance ------------------------------------------------------------------------


def balance(api, **query):
    return api.rows("/current-debit-balance", cpf="11144477735", **query)[0]


def test_a_balance_needs_a_document(reading):
    assert reading.get("/current-debit-balance").status_code == 400
    assert reading.get("/current-debit-balance", cpf="00000000191").status_code == 404


def test_the_cpf_wins_over_the_cnpj(reading):
    query = {"cpf": "11144477735", "cnpj": "11222333000181"}

    assert reading.rows("/current-debit-balance", **query)[0]["billReceivableId"] == 5600
    assert reading.get("/total-current-debit-balance", **query).status_code == 400


def test_the_three_lists_follow_the_due_date(reading):
    found = balance(reading)

    assert [row["installmentId"] for row in found["paidInstallments"]] == [1]
    assert [row["installmentId"] for row in found["dueInstallments"]] == [2, 3, 4, 5, 6]
    assert {row["installmentId"] for row in found["payableInstallments"]} == set(range(7, 39))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"conditionIdIn": "CH"}, {38}),
        ({"conditionIdNotIn": "PM,AT"}, {38}),
        ({"conditionIdIn": "CH", "conditionIdNotIn": "CH"}, {38}),
        ({"generatedBoleto": "false"}, {38}),
        ({"dueDateStart": "2026-06-30", "dueDateEnd": "2026-07-30"}, {2, 3}),
        ({"unitNumber": "304", "dueDateEnd": "2026-06-30"}, {1, 2}),
        ({"unitId": 1304, "costCenterIdIn": "42", "conditionIdIn": "AT"}, {1}),
    ],
)
def test_the_balance_is_filtered(reading, query, expected):
    found = balance(reading, **query)

    lists = [rows for name, rows in found.items() if name.endswith("Installments")]
    assert {row["installmentId"] for rows in lists for row in rows} == expected


def test_lists_that_would_be_empty_are_missing(reading):
    assert set(balance(reading, conditionIdIn="CH")) == {
        "billReceivableId",
        "documentId",
        "payableInstallments",
    }


def test_another_correction_date_changes_the_additions(reading):
    today, later = balance(reading), balance(reading, correctionDate="2026-12-19")

    first, second = today["dueInstallments"][0], later["dueInstallments"][0]
    assert first["additionalValue"] == 95.58
    assert second["additionalValue"] > first["additionalValue"]


def test_each_part_of_the_balance_adds_up(reading):
    cents = Decimal("0.01")

    for row in balance(reading)["dueInstallments"]:
        money = {name: Decimal(str(row[name])).quantize(cents) for name in row if "Value" in name}
        assert money["adjustedValue"] == money["originalValue"] + money["monetaryCorrectionValue"]
        shown = Decimal(str(row["currentBalance"])).quantize(cents)
        assert shown == money["adjustedValue"] + money["additionalValue"]
        assert row["latePaymentInterest"] == 3


def test_a_customer_who_owes_nothing_is_a_404_or_an_empty_list(api):
    assert api.get("/current-debit-balance", cnpj="11222333000181").status_code == 404

    api.configure(switches={"settled_balance_empty": True})

    assert api.rows("/current-debit-balance", cnpj="11222333000181") == []


def test_the_total_is_the_sum_of_the_parts(reading):
    total = reading.rows("/total-current-debit-balance", cpf="11144477735")[0]
    found = balance(reading)
    rows = found["dueInstallments"] + found["payableInstallments"]

    assert total["totalOriginalValue"] == 243000
    for name, part in (
        ("totalAdditionalValue", "additionalValue"),
        ("totalCurrentDebitBalanceValue", "currentBalance"),
    ):
        expected = sum(Decimal(str(row[part])) for row in rows)
        assert abs(Decimal(str(total[name])) - expected) < Decimal("0.005")


def test_some_money_carries_a_binary_residue_and_rounds_to_the_truth(reading):
    texts = [
        row["outstandingBalance"]
        for contract in reading.rows("/sales-contracts", limit=200)
        for row in contract["paymentConditions"]
    ]
    dirty = [str(value) for value in texts if len(str(value).partition(".")[2]) > 2]

    assert dirty
    assert all(text.endswith("999997") or "99999999" in text for text in dirty)


# --- statement ------------------------------------------------------------------------------------


def statement(api, customer, **query):
    rows = api.rows("/customer-financial-statements", customerId=customer, **query)
    return {bill["billReceivableId"]: bill for bill in rows[0]["billsReceivable"]}


def test_a_statement_needs_a_customer(reading):
    assert reading.get("/customer-financial-statements").status_code == 400
    assert reading.get("/customer-financial-statements", customerId=1).status_code == 404


def test_a_bill_appears_under_each_holder(reading):
    shared = next(row for row in reading.book().values() if len(row["holders"]) == 2)

    for holder in shared["holders"]:
        assert shared["bill"] in statement(reading, holder)


def test_every_net_receipt_is_value_plus_additions_less_discount(reading):
    receipts = [
        receipt
        for customer in {row["customer"] for row in reading.book().values()}
        for bill in statement(reading, customer).values()
        for installment in bill["installments"]
        for receipt in installment["receipts"]
    ]

    assert len(receipts) > 500
    for receipt in receipts:
        parts = ("receiptValue", "interestValue", "additionalValue")
        net = sum(Decimal(str(receipt[name])) for name in parts)
        assert net - Decimal(str(receipt["discountValue"])) == Decimal(
            str(receipt["netReceiptValue"])
        )


def test_installments_that_ended_without_money_are_shown_on_request(reading):
    remade = next(row for row in reading.book().values() if row["remade"])
    ended = {
        row["id"]
        for row in remade["installments"]
        if any(receipt["operation_name"] == "Reparcelamento" for receipt in row["receipts"])
    }

    def shown(**query):
        bill = statement(reading, remade["customer"], **query)[remade["bill"]]
        return {row["installmentId"] for row in bill["installments"]}

    assert not shown() & ended
    assert shown(includeRemadeInstallments="S") >= ended


def test_a_statement_is_filtered_by_bill_unit_and_condition(reading):
    assert list(statement(reading, 3431, billReceivableId=5600)) == [5600]
    assert statement(reading, 3431, unityCode="999") == {}
    assert list(statement(reading, 3431, unityId="1304", jointVentureId=42)) == [5600]
    only_keys = statement(reading, 3431, conditionIdIn="CH")[5600]["installments"]
    assert [row["installmentId"] for row in only_keys] == [38]


# --- second copy ----------------------------------------------------------------------------------


def slip(api, installment):
    return api.get("/payment-slip-notification", billReceivableId=5600, installmentId=installment)


def test_the_second_copy_has_a_link_and_a_line_that_tells_the_amount(reading):
    found = slip(reading, 2).json()["results"][0]

    digits = "".join(filter(str.isdigit, found["digitableNumber"]))
    assert len(digits) == 47
    assert digits[:4] == "0019"
    assert int(digits[-10:]) == 109558
    factor = int(digits[33:37])
    assert factor == 1000 + (date(2026, 11, 19) - date(2025, 2, 22)).days


def test_the_line_of_a_slip_not_yet_due_keeps_its_due_date(reading):
    digits = "".join(filter(str.isdigit, slip(reading, 7).json()["results"][0]["digitableNumber"]))

    assert int(digits[33:37]) == 1000 + (date(2026, 11, 30) - date(2025, 2, 22)).days


@pytest.mark.parametrize("installment", [1, 38])
def test_settled_or_unregistered_slips_are_refused(reading, installment):
    refused = slip(reading, installment)

    assert refused.status_code == 422
    expected = "Não foram encontradas parcelas aptas para geração da segunda via"
    assert refused.json()["clientMessage"].startswith(expected)


def test_a_slip_of_nothing_is_a_404_and_without_arguments_a_400(reading):
    assert slip(reading, 99).status_code == 404
    assert reading.get("/payment-slip-notification").status_code == 400


def test_a_report_link_lives_five_minutes(api):
    link = slip(api, 2).json()["results"][0]["urlReport"]
    served = api.http.get(link, timeout=10)
    assert served.headers["Content-Type"] == "application/pdf"
    assert served.content.startswith(b"%PDF-")

    now = api.running.simulator.reports.now
    api.running.simulator.reports.now = lambda: now() + 301

    assert api.http.get(link, timeout=10).status_code == 410
    assert api.http.get(f"{api.root}/reports/nada", timeout=10).status_code == 404


@pytest.mark.parametrize(
    "path", ["/current-debit-balance/pdf", "/customer-financial-statements/pdf"]
)
def test_balance_and_statement_are_available_as_reports(reading, path):
    link = reading.rows(path, customerId=3431)[0]["urlReport"]

    assert reading.http.get(link, timeout=10).content.startswith(b"%PDF-")
    assert reading.get(path).status_code == 400
    assert reading.get(path, customerId=1).status_code == 404


# --- renegotiations -------------------------------------------------------------------------------


def test_renegotiations_list_ids_as_text(reading):
    remade = next(row for row in reading.book().values() if row["remade"])

    row = reading.rows("/remade-installments", billReceivableId=remade["bill"])[0]

    replaced = [int(number) for number in row["remadeInstallmentsDescription"].split(", ")]
    generated = [int(number) for number in row["generatedInstallmentsDescription"].split(", ")]
    balances = {each["id"]: each["balance"] for each in remade["installments"]}
    assert all(balances[number] == 0 for number in replaced)
    assert min(generated) > max(replaced)
    assert row["customerDescription"].startswith(f"{remade['customer']} - ")


def test_renegotiations_are_filtered_and_none_is_a_404(reading):
    rows = reading.rows("/remade-installments")
    day, bill = rows[0]["remadeDate"], rows[0]["receivableBillId"]

    found = reading.rows("/remade-installments", dueDateStart=day, dueDateEnd=day)

    assert bill in [row["receivableBillId"] for row in found]
    assert reading.get("/remade-installments", billReceivableId=5600).status_code == 404
    assert reading.get("/remade-installments", companyId=17).status_code == 404


# --- tables ---------------------------------------------------------------------------------------


def test_the_tables_are_there(reading):
    assert reading.get("/document-identifications/CT").json() == {"id": "CT", "name": "CONTRATO"}
    assert reading.get("/document-identifications/XX").status_code == 404
    assert len(reading.rows("/document-identifications")) > 5
    assert reading.rows("/bearers-receivable")[0]["bearerName"] == "CARTEIRA"
    assert reading.rows("/checking-accounts", companyId=17)[0]["accountNumber"] == "12345-6"
    assert [row["id"] for row in reading.rows("/payment-condition-types", filter="chaves")] == [
        "CH"
    ]
    assert [row["id"] for row in reading.rows("/creditors", cpf="39053344705")] == [77]
    assert reading.get("/creditors/1").status_code == 404
