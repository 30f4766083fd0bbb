"""Installments into records: the example of the reference, and every way a row may differ."""

from datetime import date
from decimal import Decimal

import pytest

from cobranca.contracts.records import ContractRecord, DoubtRecord, InstallmentRecord, PaymentRecord
from integrations.sienge import rows as r
from integrations.sienge.config import Filters
from integrations.sienge.mapper import IncomeMapper, Sheet
from tests.integrations.sienge.samples import as_row, load, row
from tests.integrations.sienge.sheets import ALL_OF_17, income, of

# --- installments ---------------------------------------------------------------------------------


def test_the_example_of_the_reference():
    contract, installment, payment = income().records

    assert contract == ContractRecord(
        external_id="5600",
        debtor="3431",
        type_code="CT",
        type_name="CONTRATO",
        branch="42",
        branch_name="RESIDENCIAL EXEMPLO",
        number="5600",
        document_number="VIND-304",
        unit="304",
        issued_on=date(2026, 5, 28),
        is_sale=True,
        has_receipts=True,
    )
    assert installment == InstallmentRecord(
        contract="5600",
        number=1,
        due_date=date(2026, 6, 5),
        principal=Decimal("7000.00"),
        balance=Decimal("0.00"),
        is_open=False,
        label="1",
        note="AT",
        closing="payment",
    )
    assert payment == PaymentRecord(
        contract="5600",
        number=1,
        paid_on=date(2026, 6, 5),
        sequence=1,
        kind="Recebimento",
        is_cash=True,
        gross=Decimal("7000.00"),
        net=Decimal("7000.00"),
        charges=Decimal("0.00"),
        discount=Decimal("0.00"),
    )


def test_an_installment_is_open_while_anything_is_owed_on_it():
    (installment,) = of(income(balanceAmount=Decimal("565.48"), receipts=[]), InstallmentRecord)

    assert (installment.is_open, installment.closing) == (True, "")
    assert installment.balance == Decimal("565.48")


@pytest.mark.parametrize(
    ("told", "balance", "is_open"),
    [
        (Decimal("341233.7699999997"), "341233.77", True),
        (Decimal("0.0000000012"), "0.00", False),
        ("10.5", "10.50", True),
        (7, "7.00", True),
    ],
)
def test_what_binary_fractions_left_behind_is_rounded_away(told, balance, is_open):
    (installment,) = of(income(balanceAmount=told), InstallmentRecord)

    assert (str(installment.balance), installment.is_open) == (balance, is_open)


def test_spellings_of_keys_do_not_matter():
    renamed = load("income")
    for old, new in (("billId", "receivableBillId"), ("clientId", "customerId")):
        renamed[new] = str(renamed.pop(old))
    renamed |= {"documentIdentificationId": "CT  ", "companyId": "17", "installmentId": "1"}
    renamed["paymentTerms"] = {"id": "PM ", "description": "Parcelas Mensais"}
    del renamed["paymentTerm"]

    contract, installment, _ = income(ALL_OF_17, as_row(r.Income, renamed)).records

    assert (contract.external_id, contract.debtor, contract.type_code) == ("5600", "3431", "CT")
    assert (installment.number, installment.note) == (1, "PM")


@pytest.mark.parametrize("term", ["PM", {"id": "PM"}, {"id": "PM  ", "descrition": "Mensais"}])
def test_the_payment_condition_becomes_the_note(term):
    assert of(income(paymentTerm=term), InstallmentRecord)[0].note == "PM"


def test_the_number_shown_is_not_the_key():
    (installment,) = of(income(installmentNumber="1/2", installmentId=39), InstallmentRecord)

    assert (installment.number, installment.label) == (39, "1/2")


@pytest.mark.parametrize("origin", ["CR", "NS", "LO "])
def test_a_standalone_title_has_no_branch(origin):
    (contract,) = of(income(originId=origin, documentIdentificationId="AV"), ContractRecord)

    assert (contract.is_sale, contract.branch, contract.branch_name) == (False, "", "")


@pytest.mark.parametrize(("document", "is_sale"), [("CT", True), ("AV", False)])
def test_without_an_origin_the_document_tells_a_sale(document, is_sale):
    changes = {"originId": None, "documentIdentificationId": document}

    assert of(income(**changes), ContractRecord)[0].is_sale is is_sale


def test_a_title_is_told_once_and_its_holder_by_what_is_open():
    paid = row(r.Income, "income", clientId=3431)
    owed = row(r.Income, "income", clientId=3500, installmentId=2, balanceAmount=10, receipts=[])
    later = row(r.Income, "income", clientId=3500, installmentId=3, balanceAmount=10, receipts=[])
    also_paid = row(r.Income, "income", clientId=3431, installmentId=4)

    sheet = income(ALL_OF_17, paid, owed, later, also_paid)

    assert [contract.debtor for contract in of(sheet, ContractRecord)] == ["3431", "3500"]
    assert len(of(sheet, InstallmentRecord)) == 4


def test_only_an_open_installment_needs_its_customer_here():
    sheet, mapper = Sheet(), IncomeMapper(ALL_OF_17)

    assert mapper.add(sheet, row(r.Income, "income")) == ""
    assert mapper.add(sheet, row(r.Income, "income", balanceAmount=1)) == "3431"


# --- what is left out, what is set aside ----------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "changes", "rule"),
    [
        (Filters("9"), {}, "Parcela de outra empresa"),
        (Filters("17", companies=frozenset({"8"})), {"companyId": 8}, "Empresa a ignorar: 8"),
        (
            Filters("17", documents=frozenset({"CT"})),
            {"documentIdentificationId": "ct  "},
            "Tipo de contrato ignorado: CT",
        ),
        (
            Filters("17", payment_conditions=frozenset({"AT"})),
            {},
            "Condição de pagamento ignorada: AT",
        ),
        (ALL_OF_17, {"documentForecast": "S"}, "Documento de previsão"),
        (ALL_OF_17, {"documentForecast": True}, "Documento de previsão"),
    ],
)
def test_rows_left_out_are_counted_by_their_rule(filters, changes, rule):
    sheet = income(filters, **changes)

    assert (sheet.records, sheet.issues) == ([], [])
    assert sheet.ignored == {rule: 1}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dueDate", None),
        ("dueDate", "2026-02-30"),
        ("dueDate", 20260605),
        ("originalAmount", None),
        ("originalAmount", "x"),
        ("originalAmount", True),
        ("originalAmount", -1),
        ("balanceAmount", None),
        ("balanceAmount", {}),
        ("balanceAmount", -1),
        ("balanceAmount", Decimal("1e15")),
        ("clientId", None),
        ("documentIdentificationId", " "),
        ("companyId", [17]),
        ("documentForecast", "talvez"),
        ("issueDate", "ontem"),
    ],
)
def test_an_unusable_field_sets_the_row_aside_by_name_and_shields_it(field, value):
    sheet = income(**{field: value})

    (issue,) = sheet.issues
    assert field in issue.message
    assert (issue.contract, issue.installment) == ("5600", "1")
    assert sheet.records == [DoubtRecord("5600", 1)]


def test_without_an_installment_the_whole_title_is_in_doubt():
    assert income(installmentId="1/2").records == [DoubtRecord("5600", None)]


@pytest.mark.parametrize("bill", [None, "", {}, 56.5])
def test_without_a_title_everything_is_in_doubt(bill):
    assert income(billId=bill).records == [DoubtRecord()]


def test_a_row_that_is_no_row_is_in_doubt():
    sheet = income(ALL_OF_17, as_row(r.Income, ["5600"]))  # type: ignore[arg-type]

    assert sheet.records == [DoubtRecord()]
    assert sheet.issues[0].row == ["5600"]


def test_no_message_tells_a_value():
    sheet = income(balanceAmount="529.982.247-25", clientName="MARIA")

    assert "529" not in sheet.issues[0].message
    assert sheet.issues[0].row["clientName"] == "MARIA"
