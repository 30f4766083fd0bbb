"""The effects matrix of the reference (section 5.3): what each action changes, and tells."""

from datetime import date

import pytest

BILLS = "/accounts-receivable/receivable-bills"


def installment(api, number=2):
    return next(row for row in api.book()[5600]["installments"] if row["id"] == number)


def names(api):
    return [name for name, _ in api.events()]


def contract(api):
    return api.get("/sales-contracts/812").json()


# --- receipts -------------------------------------------------------------------------------------


def test_a_full_payment_settles_the_installment_and_is_told(api):
    api.act("pay", bill=5600, installment=2)

    row = installment(api)
    assert row["balance"] == 0
    receipt = row["receipts"][0]
    assert receipt["operation_name"] == "Recebimento"
    assert receipt["net"] == 1095.58
    assert api.events() == [
        ("RECEIPT_PROCESSED", {"billId": 5600, "installmentId": 2}),
        ("BANK_MOVEMENT_CREATED", {"bankMovementId": receipt["movement"]}),
    ]
    streamed = next(
        each for each in api.data("/income/by-bills", billsIds="5600") if each["installmentId"] == 2
    )
    assert streamed["receipts"][0]["netAmount"] == 1095.58
    assert api.rows(f"{BILLS}/5600/installments")[1]["balanceDue"] == 0


def test_a_partial_payment_leaves_the_rest(api):
    api.act("pay", bill=5600, installment=2, amount="400.00", charges=False)

    row = installment(api)
    assert row["balance"] == 600
    assert row["receipts"][0]["net"] == 400
    assert names(api) == ["RECEIPT_PROCESSED", "BANK_MOVEMENT_CREATED"]
    extract = api.extract(billReceivableId=5600)[0]["installments"][1]
    assert extract["installmentSituation"] == "1"
    balance = api.rows("/current-debit-balance", cpf="11144477735")[0]["dueInstallments"][0]
    assert balance["originalValue"] == 600


def test_a_total_receipt_for_less_closes_the_installment(api):
    api.act("pay", bill=5600, installment=2, amount="400.00", closes=True, charges=False)

    row = installment(api)
    assert (row["balance"], row["receipts"][0]["discount"], row["receipts"][0]["net"]) == (
        0,
        600,
        400,
    )


@pytest.mark.parametrize("operation", ["Por Bens", "Promoção", "Bonificação", "Substituição", "3"])
def test_a_settlement_without_money_is_not_told(api, operation):
    api.act("pay", bill=5600, installment=2, operation=operation)

    row = installment(api)
    assert row["balance"] == 0
    assert row["receipts"][0]["movement"] is None
    assert row["receipts"][0]["net"] == 1000
    assert api.events() == []


def test_the_last_payment_gives_the_bill_its_pay_off_date(api):
    made = api.act("new_avulso", customer=3500, company=17, amount="100", installments=1)
    api.act("pay", bill=made["bill"], installment=1, on="2026-11-18")

    found = api.rows(BILLS, customerId=3500, paidOff="true")

    assert found[0]["payOffDate"] == "2026-11-18"
    assert api.rows(BILLS, customerId=3500) == []


def test_a_reversed_receipt_disappears_and_nothing_is_told(api):
    api.act("pay", bill=5600, installment=2, amount="400.00")
    told = api.events()

    api.act("reverse_receipt", bill=5600, installment=2)

    assert installment(api)["balance"] == 1000
    assert installment(api)["receipts"] == []
    assert api.events() == told


def test_a_reversal_may_stay_as_an_estorno(api):
    api.act("pay", bill=5600, installment=2)

    api.act("reverse_receipt", bill=5600, installment=2, estorno=True)

    row = installment(api)
    assert row["balance"] == 1000
    assert [receipt["operation_name"] for receipt in row["receipts"]] == ["Recebimento", "Estorno"]
    assert sum(receipt["net"] for receipt in row["receipts"]) == 0
    assert "reversed" in api.refusal("reverse_receipt", bill=5600, installment=2, sequence=1)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"bill": 5600, "installment": 1}, "settled"),
        ({"bill": 5600, "installment": 2, "amount": "1000.01"}, "balance"),
        ({"bill": 5600, "installment": 2, "amount": "-1"}, "above zero"),
        ({"bill": 5600, "installment": 2, "amount": "abc"}, "amount"),
        ({"bill": 5600, "installment": 2, "operation": "PIX"}, "unknown operation"),
        ({"bill": 5600, "installment": 99}, "no installment"),
        ({"bill": 1, "installment": 1}, "no bill"),
        ({"installment": 1}, "required"),
        ({"bill": 5600, "instalment": 1}, "unknown arguments"),
        ({"bill": 5600, "installment": 2, "on": "ontem"}, "yyyy-MM-dd"),
        ({"bill": 5600, "installment": 2, "closes": "sim"}, "true or false"),
    ],
)
def test_an_impossible_payment_is_refused_with_the_reason(api, arguments, reason):
    assert reason in api.refusal("pay", **arguments)
    assert api.events() == []


# --- installments ---------------------------------------------------------------------------------


def test_a_new_due_date_takes_the_slip_away(api):
    api.act("change_installment", bill=5600, installment=7, due_on="2026-12-15")

    row = installment(api, 7)
    assert (row["due_on"], row["boleto"]) == ("2026-12-15", False)
    assert names(api) == ["RECEIVABLE_INSTALLMENT_UPDATED"]


def test_value_and_condition_of_an_installment_change(api):
    api.act("pay", bill=5600, installment=7, amount="100")
    api.act("change_installment", bill=5600, installment=7, amount="1500", condition="RE")

    row = installment(api, 7)
    assert (row["original"], row["balance"], row["condition"]) == (1500, 1400, "RE")
    plan = contract(api)["paymentConditions"]
    assert [(line["conditionTypeId"], line["installmentsNumber"]) for line in plan] == [
        ("AT", 1),
        ("PM", 35),
        ("CH", 1),
        ("RE", 1),
    ]
    reason = api.refusal("change_installment", bill=5600, installment=7, amount="100")
    assert "received" in reason


def test_installments_are_added_and_removed(api):
    made = api.act("add_installment", bill=5600, due_on="2027-01-05", amount="321.09")
    api.act("remove_installment", bill=5600, installment=3)

    numbers = [row["id"] for row in api.book()[5600]["installments"]]
    assert made["installment"]["id"] == 39
    assert 39 in numbers
    assert 3 not in numbers
    assert names(api) == ["RECEIVABLE_INSTALLMENT_CREATED", "RECEIVABLE_INSTALLMENT_REMOVED"]


def test_a_registered_slip_can_be_copied(api):
    query = {"billReceivableId": 5600, "installmentId": 38}
    assert api.get("/payment-slip-notification", **query).status_code == 422

    api.act("register_boleto", bill=5600, installment=38)

    assert api.get("/payment-slip-notification", **query).status_code == 200
    assert api.events() == [
        ("BOOK_COLLECTION_CONFIRMED", {"billId": 5600, "installmentId": 38, "banknumber": 1}),
        (
            "PAYMENT_SLIP_REGISTERED",
            {
                "receivableBillId": 5600,
                "installmentId": 38,
                "accountNumber": "12345-6",
                "status": "CONFIRMED",
            },
        ),
    ]
    assert "settled" in api.refusal("register_boleto", bill=5600, installment=1)


def test_negativating_tells_nobody(api):
    api.act("negativate", bill=5600, installment=2)

    assert installment(api)["negativated"] is True
    assert api.events() == []
    api.act("negativate", bill=5600, installment=2, sent=False)
    assert installment(api)["negativated"] is False


# --- renegotiation --------------------------------------------------------------------------------


def test_a_renegotiation_ends_the_old_and_begins_the_new(api):
    done = api.act("renegotiate", bill=5600, parts=6, first_due_on="2026-12-10")

    assert done["replaced"] == [2, 3, 4, 5, 6]
    assert done["generated"] == [39, 40, 41, 42, 43, 44]
    old, new = installment(api, 2), installment(api, 39)
    assert old["balance"] == 0
    assert [r["operation_name"] for r in old["receipts"]] == ["Reparcelamento"]
    assert old["receipts"][0]["paid_on"] == "2026-11-19"
    assert old["receipts"][0]["movement"] is None
    assert new["due_on"] == "2026-12-10"
    assert contract(api)["containsRemadeInstallments"] is True
    assert (
        names(api)
        == ["RECEIVABLE_INSTALLMENT_UPDATED"] * 5 + ["RECEIVABLE_INSTALLMENT_CREATED"] * 6
    )
    row = api.rows("/remade-installments", billReceivableId=5600)[0]
    assert row["remadeInstallmentsDescription"] == "2, 3, 4, 5, 6"
    assert row["generatedValue"] == row["remadeValue"]


def test_undoing_a_renegotiation_restores_the_old(api):
    before = api.book()[5600]["installments"]
    api.act("renegotiate", bill=5600, parts=3)

    done = api.act("undo_renegotiation", bill=5600)

    assert done == {"bill": 5600, "reopened": [2, 3, 4, 5, 6], "removed": [39, 40, 41]}
    after = api.book()[5600]["installments"]
    money = ("id", "due_on", "balance", "receipts")
    assert [[row[n] for n in money] for row in after] == [[row[n] for n in money] for row in before]
    assert contract(api)["containsRemadeInstallments"] is False
    assert (
        names(api)[-8:]
        == ["RECEIVABLE_INSTALLMENT_REMOVED"] * 3 + ["RECEIVABLE_INSTALLMENT_UPDATED"] * 5
    )
    assert "no such" in api.refusal("undo_renegotiation", bill=5600)


def test_a_renegotiation_receipt_does_not_go_back_alone(api):
    api.act("renegotiate", bill=5600, parts=3)

    assert "no receipt" in api.refusal("reverse_receipt", bill=5600, installment=2)


# --- contracts and bills --------------------------------------------------------------------------


def test_a_cancelled_contract_owes_nothing_more(api):
    api.act("cancel_contract", contract=812, reason="Distrato amigável")

    row = contract(api)
    assert (row["situation"], row["cancellationDate"]) == ("Cancelado", "2026-11-19")
    assert (row["cancellationReason"], row["totalCancellationAmount"]) == (
        "Distrato amigável",
        243000,
    )
    book = api.book()[5600]
    assert not book["open"]
    last = {row["receipts"][-1]["operation_name"] for row in book["installments"][1:]}
    assert last == {"Distrato"}
    assert api.events() == [("SALES_CONTRACT_CANCELED", {"salesContractId": 812})]
    assert api.get("/units/1304").json()["commercialStock"] == "D"
    assert "already" in api.refusal("cancel_contract", contract=812)


def test_a_cession_changes_the_customer_and_nothing_else(api):
    before = api.book()[5600]

    api.act("cede", contract=812, customer=3500)

    after = api.book()[5600]
    assert (after["customer"], after["holders"]) == (3500, [3500])
    balances = [row["balance"] for row in before["installments"]]
    assert [row["balance"] for row in after["installments"]] == balances
    assert [row["id"] for row in contract(api)["salesContractCustomers"]] == [3500]
    assert {row["clientId"] for row in api.income(companyId=17)} == {3500}
    assert api.rows(BILLS, customerId=3431) == []
    assert api.rows(BILLS, customerId=3500)[0]["receivableBillId"] == 5600
    assert api.events() == [
        (
            "ASSIGNMENT_RIGHTS_AGREEMENT_UPDATED",
            {
                "receivableBillId": 5600,
                "dtRightAssignment": "2026-11-19",
                "customersIdBefore": [3431],
                "customersIdAfter": [3500],
            },
        )
    ]
    assert "already" in api.refusal("cede", contract=812, customer=3500)


def test_a_new_contract_is_created_issued_and_told(api):
    made = api.act(
        "new_contract",
        customer=3500,
        enterprise=42,
        installments=3,
        amount="500.10",
        entry="1000",
        first_due_on="2026-12-10",
        number="NOVO-1",
    )

    row = api.get(f"/sales-contracts/{made['contract']}").json()
    assert (row["number"], row["situation"], row["receivableBillId"]) == (
        "NOVO-1",
        "Emitido",
        made["bill"],
    )
    assert row["value"] == 2500.3
    assert [i["due_on"] for i in api.book()[made["bill"]]["installments"]] == [
        "2026-11-19",
        "2026-12-10",
        "2027-01-10",
        "2027-02-10",
    ]
    assert names(api) == [
        "SALES_CONTRACT_CREATED",
        "SALES_CONTRACT_ISSUED",
        *["RECEIVABLE_INSTALLMENT_CREATED"] * 4,
    ]


def test_a_contract_may_be_issued_later(api):
    made = api.act("new_contract", customer=3500, enterprise=42, co_holder=3431, issued=False)
    assert api.get(f"/sales-contracts/{made['contract']}").json()["receivableBillId"] is None

    done = api.act("issue_contract", contract=made["contract"], installments=2)

    assert api.book()[done["bill"]]["holders"] == [3500, 3431]
    assert names(api)[-3] == "SALES_CONTRACT_ISSUED"
    assert "already" in api.refusal("issue_contract", contract=made["contract"])


def test_a_removed_bill_takes_its_contract_along(api):
    api.act("remove_bill", bill=5600)

    assert 5600 not in api.book()
    assert api.get("/sales-contracts/812").status_code == 404
    assert api.get(f"{BILLS}/5600").status_code == 404
    assert api.get("/units/1304").json()["contractId"] is None
    assert names(api)[-1] == "SALES_CONTRACT_REMOVED"


def test_an_avulso_has_no_contract(api):
    made = api.act(
        "new_avulso",
        customer=3431,
        company=17,
        amount="80.00",
        document_type="NF",
        number="991",
        installments=2,
    )

    bill = api.book()[made["bill"]]
    assert (bill["contract"], bill["document_type"], bill["origin"]) == (None, "NF", "CR")
    assert names(api) == ["RECEIVABLE_INSTALLMENT_CREATED"] * 2
    reason = api.refusal("new_avulso", customer=3431, company=17, amount="1", document_type="ZZ")
    assert "document_type" in reason


def test_classifying_a_bill_is_told_with_the_word_of_the_screens(api):
    api.act("classify_bill", bill=5600, situation="subjudice", note="processo 123")

    assert api.events() == [
        (
            "UPDATE_RECEIVABLE_BILL_SITUATION",
            {"receivableBillId": [5600], "situation": "Sub judice"},
        )
    ]
    assert {row["subJudicie"] for row in api.income(companyId=17)} == {"S"}
    found = api.data("/defaulters-receivable-bills", companyId=17)[0]
    assert found["defaulterJudicialActivities"][0]["situation"] == "J"
    statement = api.rows("/customer-financial-statements", customerId=3431)[0]
    assert statement["billsReceivable"][0]["subJudice"] is True
    assert "situation" in api.refusal("classify_bill", bill=5600, situation="boa")


# --- registry -------------------------------------------------------------------------------------


def test_a_changed_customer_is_told_and_shown(api):
    api.act(
        "change_customer",
        customer=3431,
        name="MARIA NOVA",
        cpf="52998224725",
        phones=[{"number": "048911112222", "main": True}],
        addresses=[{"type": "Comercial", "streetName": "Rua Nova", "zipCode": "88010000"}],
    )

    row = api.get("/customers/3431").json()
    assert (row["name"], row["cpf"]) == ("MARIA NOVA", "52998224725")
    assert [phone["number"] for phone in row["phones"]] == ["048911112222"]
    assert row["addresses"][0]["streetName"] == "Rua Nova"
    assert api.events() == [("CUSTOMER_UPDATED", {"customerId": 3431})]


def test_a_disabled_customer_is_told_as_such(api):
    api.act("change_customer", customer=3431, active=False)

    assert names(api) == ["CUSTOMER_DISABLED"]


def test_a_phone_is_removed(api):
    api.act("remove_phone", customer=3431, number="(048)33330000")

    phones = api.get("/customers/3431").json()["phones"]
    assert [phone["number"] for phone in phones] == ["(048)999990000"]
    assert "no such phone" in api.refusal("remove_phone", customer=3431, number="1")


def test_a_new_customer_is_registered_today(api):
    made = api.act("new_customer", name="FULANA DE TAL", firm=False)

    row = api.get(f"/customers/{made['customer']['id']}").json()
    assert (row["name"], row["createdAt"], row["modifiedAt"]) == (
        "FULANA DE TAL",
        "2026-11-19",
        "2026-11-19",
    )
    assert names(api) == ["CUSTOMER_CREATED"]


def test_a_new_enterprise_is_also_a_cost_centre(api):
    made = api.act("new_enterprise", company=17, name="RESIDENCIAL NOVO", id=4300)

    assert api.get("/enterprises/4300").json()["name"] == "RESIDENCIAL NOVO"
    assert api.get("/cost-centers/4300").json()["idCompany"] == 17
    assert api.events() == [("COST_CENTER_CREATED", {"costCenterId": made["enterprise"]})]
    assert "taken" in api.refusal("new_enterprise", company=17, name="X", id=4300)


# --- the clock ------------------------------------------------------------------------------------


def test_the_clock_moves_and_what_is_overdue_with_it(api):
    before = api.control("state")["installments_overdue"]

    assert api.act("advance_clock", days=30) == {"date": "2026-12-19"}

    assert api.control("clock") == {"date": "2026-12-19", "fixed": True}
    assert api.control("state")["installments_overdue"] > before
    api.control("clock", {"date": "2027-06-01"})
    assert api.world.today == date(2027, 6, 1)
