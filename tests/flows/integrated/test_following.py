"""SIE-18, SIE-22: what becomes of an integrated agreement in the ERP, seen here."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from cobranca.agreements.models import AgreementPayment
from cobranca.agreements.services import cancel_agreement
from cobranca.common.errors import DomainError
from tests.flows.agreeing import (
    PARTS,
    agree,
    bill_of,
    our_book,
    their_book,
)
from tests.flows.integrated.afterwards import fresh, late_numbers, next_load, pay_there, texts

BROKEN = "Quebra automática: Identificado que o acordo está quebrado na API Sienge"


@pytest.mark.parametrize("full", [False, True], ids=["daily load", "batimento"])
def test_a_renegotiation_undone_in_the_erp_breaks_the_agreement(desk, actor, contract, full):
    originals = late_numbers(desk, contract)
    before = our_book(contract)
    agreement = agree(desk, contract, actor)
    generated = [parcel.erp_number for parcel in agreement.parcels.order_by("number")]
    desk.next_day()

    desk.erp.act("undo_renegotiation", bill=int(contract.external_id))
    next_load(desk, full=full)

    broken = fresh(agreement)
    assert (broken.status, broken.reason) == ("broken", BROKEN)
    assert our_book(contract) == their_book(desk, contract) == before
    (told,) = texts(contract, "breach")
    numbers = ", ".join(map(str, originals))
    assert told.split("\n")[1:] == [f"Parcela(s): {numbers}", BROKEN]
    made = ", ".join(map(str, generated))
    assert texts(contract, "recall")[-1] == (
        f"Solicitação do credor\nData: {desk.day:%d/%m/%Y}\nContrato: {contract} "
        f"Parcela(s): {made}\nParcela(s) sincronizada(s) via webservice"
    )
    status = set(
        contract.installments.filter(number__in=generated).values_list("status", flat=True)
    )
    assert status == {"recalled"}


def test_broken_there_the_contract_may_be_agreed_on_again(desk, actor, contract):
    first = agree(desk, contract, actor)
    desk.erp.act("undo_renegotiation", bill=int(contract.external_id))
    next_load(desk)

    with time_machine.travel(desk.now()):
        second = agree(desk, contract, actor)

    assert (fresh(first).status, second.status) == ("broken", "active")
    assert our_book(contract) == their_book(desk, contract)
    numbers = [parcel.erp_number for parcel in second.parcels.all()]
    assert numbers == [parcel.erp_number for parcel in first.parcels.all()]  # given out again


def test_a_contract_cancelled_there_breaks_it_by_that_reason(desk, actor, contract):
    agreement = agree(desk, contract, actor)
    sale = bill_of(desk, contract)["contract"]

    desk.erp.act("cancel_contract", contract=sale)
    next_load(desk)

    assert fresh(agreement).reason == "Quebra automática: Distrato"
    assert our_book(contract) == their_book(desk, contract) == {}


def test_payments_there_pay_the_parcels_here(desk, actor, contract):
    agreement = agree(desk, contract, actor)
    first, second = agreement.parcels.order_by("number")[:2]
    part = Decimal("10.00")

    pay_there(desk, contract, first.erp_number)
    pay_there(desk, contract, second.erp_number, amount=str(part))
    next_load(desk)

    parcels = list(agreement.parcels.order_by("number"))
    assert [parcel.status for parcel in parcels] == ["paid", *["open"] * (PARTS - 1)]
    assert (parcels[0].paid, parcels[1].paid) == (first.amount, part)
    assert our_book(contract) == their_book(desk, contract)
    told = texts(contract, "payment")
    assert len(told) == 2
    amount = f"{first.amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert told[0].startswith(
        f"Data: {desk.day - timedelta(days=1):%d/%m/%Y} Valor: R$ {amount} - Dinheiro\n"
        f"Parcela(s): {first.erp_number}\n"
    )


def test_told_again_a_payment_counts_once(desk, actor, contract):
    agreement = agree(desk, contract, actor)
    pay_there(desk, contract, agreement.parcels.order_by("number")[0].erp_number)

    next_load(desk)
    next_load(desk, full=True)
    next_load(desk)

    assert AgreementPayment.objects.filter(agreement=agreement).count() == 1


def test_all_paid_there_it_is_settled_and_a_reversal_reopens_it(desk, actor, contract):
    agreement = agree(desk, contract, actor)
    numbers = [parcel.erp_number for parcel in agreement.parcels.order_by("number")]
    for number in numbers:
        pay_there(desk, contract, number)
    next_load(desk)
    assert fresh(agreement).status == "settled"

    desk.erp.act("reverse_receipt", bill=int(contract.external_id), installment=numbers[-1])
    next_load(desk)

    reopened = fresh(agreement)
    assert reopened.status == "active"
    assert [parcel.status for parcel in reopened.parcels.order_by("number")] == [
        *["paid"] * (PARTS - 1), "open",
    ]  # fmt: skip
    assert our_book(contract) == their_book(desk, contract)
    assert AgreementPayment.objects.exclude(reversed_on=None).count() == 1


def test_nobody_pays_or_breaks_it_here(desk, actor, contract):
    from cobranca.agreements.services import Receipt, break_agreement, pay_agreement

    agreement = agree(desk, contract, actor)
    told = {"agreement_id": agreement.pk, "actor": actor, "on": desk.day}

    with pytest.raises(DomainError, match="o pagamento é baixado no ERP"):
        pay_agreement(receipt=Receipt(paid_on=desk.day), **told)
    with pytest.raises(DomainError, match="exclua o reparcelamento no ERP"):
        break_agreement(reason="x", **told)
    with pytest.raises(DomainError, match="exclua o reparcelamento no ERP"):
        cancel_agreement(reason="x", **told)
