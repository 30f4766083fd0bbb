"""Receipts into payments: what was money, and why an installment closed."""

from decimal import Decimal

import pytest

from cobranca.contracts.records import DoubtRecord, InstallmentRecord, PaymentRecord
from tests.integrations.sienge.sheets import income, of, receipt


@pytest.mark.parametrize(
    ("name", "is_cash", "closing"),
    [
        ("Recebimento", True, "payment"),
        ("RECEBIMENTO", True, "payment"),
        ("Adiantamento", True, "payment"),
        ("Abatimento de Adiantamento", False, "payment"),
        ("Por Bens", False, "payment"),
        ("Promoção", False, "payment"),
        ("promocao", False, "payment"),
        ("Bonificação", False, "payment"),
        ("Sorteio", False, "payment"),
        ("Cancelamento", False, "creditor_request"),
        ("Reparcelamento", False, "renegotiation"),
        ("Repactuação", False, "renegotiation"),
        ("Substituição", False, "renegotiation"),
        ("Distrato", False, "termination"),
    ],
)
def test_every_settlement_type_says_whether_it_is_money_and_why_it_closed(name, is_cash, closing):
    sheet = income(receipts=[receipt(name, operationTypeId=99)])

    assert of(sheet, PaymentRecord)[0].is_cash is is_cash
    assert of(sheet, InstallmentRecord)[0].closing == closing
    assert sheet.issues == []


@pytest.mark.parametrize("name", ["Outros", "Outros com Resíduo"])
@pytest.mark.parametrize(
    ("movements", "is_cash"), [([{"id": 1}], True), ([], False), (None, False)]
)
def test_where_the_tenant_decides_only_what_moved_an_account_is_money(name, movements, is_cash):
    sheet = income(receipts=[receipt(name, bankMovements=movements)])

    assert of(sheet, PaymentRecord)[0].is_cash is is_cash


@pytest.mark.parametrize("amount", ["434.52", "-434.52"])
def test_a_reversal_takes_away_what_it_reverses_however_it_is_told(amount):
    told = receipt("Estorno", grossAmount=Decimal(amount), netAmount=Decimal(amount))

    sheet = income(receipts=[receipt(), told | {"sequencialNumber": 2}])

    _, reversal = of(sheet, PaymentRecord)
    assert (reversal.gross, reversal.net) == (Decimal("-434.52"), Decimal("-434.52"))
    assert reversal.is_cash
    assert of(sheet, InstallmentRecord)[0].closing == "payment"


def test_an_id_stands_in_for_a_name_that_is_not_told():
    sheet = income(receipts=[receipt(None, operationTypeId=7)])

    assert of(sheet, PaymentRecord)[0].kind == "Distrato"


def test_an_unknown_settlement_is_set_aside_and_the_installment_goes_on():
    sheet = income(receipts=[receipt("Permuta de Terreno", operationTypeId=2)])

    (issue,) = sheet.issues
    assert (issue.code, issue.contract, issue.installment) == ("unknown_receipt", "5600", "1")
    assert of(sheet, PaymentRecord) == []
    assert of(sheet, InstallmentRecord)[0].closing == ""
    assert of(sheet, DoubtRecord) == [DoubtRecord("5600", 1, of_receipts=True)]


def test_the_last_receipt_says_why_it_closed():
    partial = receipt(paymentDate="2026-06-05")
    remade = receipt("Reparcelamento", paymentDate="2026-11-19", sequencialNumber=2)

    (installment,) = of(income(receipts=[remade, partial]), InstallmentRecord)

    assert installment.closing == "renegotiation"


def test_what_was_added_to_a_payment_is_summed():
    told = receipt(
        interestAmount=Decimal("49.51"),
        fineAmount=Decimal("20.51"),
        additionAmount=Decimal("25.56"),
        monetaryCorrectionAmount=Decimal("1.10"),
        discountAmount=Decimal("5.00"),
        netAmount=Decimal("1091.68"),
        grossAmount=Decimal("1000.00"),
    )

    (payment,) = of(income(receipts=[told]), PaymentRecord)

    assert (payment.gross, payment.net) == (Decimal("1000.00"), Decimal("1091.68"))
    assert (payment.charges, payment.discount) == (Decimal("96.68"), Decimal("5.00"))


def test_receipts_without_a_sequence_are_told_apart_by_their_place():
    two = [receipt(sequencialNumber=None, grossAmount=n) for n in (10, 20)]

    assert [payment.sequence for payment in of(income(receipts=two), PaymentRecord)] == [0, 1]


@pytest.mark.parametrize("field", ["paymentDate", "grossAmount"])
def test_a_bad_receipt_is_set_aside_alone(field):
    sheet = income(receipts=[receipt(), receipt(sequencialNumber=2, **{field: None})])

    assert [issue.code for issue in sheet.issues] == ["receipt"]
    assert field in sheet.issues[0].message
    assert len(of(sheet, PaymentRecord)) == 1


@pytest.mark.parametrize("receipts", [None, [], {}])
def test_receipts_may_be_missing_or_a_single_object(receipts):
    told = receipt() if receipts == {} else receipts

    assert len(of(income(receipts=told), PaymentRecord)) == (receipts == {})
