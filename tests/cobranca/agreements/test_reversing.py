from datetime import date

import pytest

from cobranca.agreements.models import AgreementPayment
from cobranca.agreements.services import break_agreement, reverse_payment
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.states import ContractStatus
from cobranca.contracts.states import InstallmentStatus as Status
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    fresh,
    last_event,
    pay,
    statuses,
)


@pytest.fixture
def agreement(contract, collector):
    return agree(contract, collector, parts=3, first_due=date(2026, 4, 10))


def reverse(payment, actor, reason="Cheque devolvido"):
    return reverse_payment(payment_id=payment.pk, actor=actor, on=TODAY, reason=reason)


def test_the_parcel_owes_again_and_the_original_is_back_in_the_agreement(
    agreement, contract, collector
):
    (payment,) = pay(agreement, collector, "1000.00")

    reverse(payment, collector)

    parcel = agreement.parcels.get(number=1)
    assert (str(parcel.paid), parcel.status, parcel.paid_on) == ("0.00", "open", None)
    assert statuses(contract) == [Status.NEGOTIATED] * 3
    assert agreement.items.get(position=1).covered_on is None


def test_the_payment_stays_as_reversed(agreement, collector):
    (payment,) = pay(agreement, collector, "1000.00")

    reverse(payment, collector)

    kept = AgreementPayment.objects.get()
    assert (kept.reversed_on, kept.reversed_by) == (TODAY, collector)
    event = last_event("payment")
    assert event.title == "Estorno de Pagamento"
    assert event.text.endswith("Cheque devolvido")
    entry = AuditEntry.objects.filter(action="agreement.reversed").get()
    assert entry.changes["pago"] == ["R$ 1.000,00", "R$ 0,00"]


def test_a_settled_agreement_is_in_force_again(agreement, contract, collector):
    payments = pay(agreement, collector)

    reverse(payments[-1], collector)

    back = fresh(agreement)
    assert (back.status, back.closed_on) == ("active", None)
    assert statuses(contract) == [Status.SETTLED, Status.SETTLED, Status.NEGOTIATED]
    assert back.items.filter(is_live=True).count() == 3
    contract.refresh_from_db()
    assert contract.status == ContractStatus.ACTIVE


def test_after_it_the_agreement_can_be_paid_and_settled_again(agreement, contract, collector):
    payments = pay(agreement, collector)
    reverse(payments[-1], collector)

    pay(agreement, collector)

    assert fresh(agreement).status == "settled"
    assert statuses(contract) == [Status.SETTLED] * 3


def test_an_earlier_payment_reversed_leaves_what_the_others_still_cover(
    agreement, contract, collector
):
    payments = pay(agreement, collector, "2000.00")

    reverse(payments[0], collector)

    assert statuses(contract) == [Status.SETTLED, Status.NEGOTIATED, Status.NEGOTIATED]
    assert [str(p.paid) for p in agreement.parcels.all()] == ["0.00", "1000.00", "0.00"]


def test_what_the_mirror_recalled_stays_recalled(agreement, contract, collector):
    (payment,) = pay(agreement, collector, "1000.00")
    contract.installments.filter(number=1).update(status=Status.RECALLED)

    reverse(payment, collector)

    assert statuses(contract) == [Status.RECALLED, Status.NEGOTIATED, Status.NEGOTIATED]


# --- refusals -------------------------------------------------------------------------------------


def test_a_payment_is_reversed_once(agreement, collector):
    (payment,) = pay(agreement, collector, "1000.00")
    reverse(payment, collector)

    with pytest.raises(DomainError, match="já foi estornado em 16/03/2026"):
        reverse(payment, collector)


def test_the_money_of_a_broken_agreement_is_spent(agreement, collector):
    (payment,) = pay(agreement, collector, "1000.00")
    break_agreement(agreement_id=agreement.pk, actor=collector, on=TODAY, reason="Desistiu")

    with pytest.raises(DomainError, match="está em “Quebrado”: o que foi pago já foi abatido"):
        reverse(payment, collector)


def test_originals_in_another_agreement_by_now_refuse_it(agreement, contract, collector):
    payments = pay(agreement, collector)
    # A person, or the ERP, opened one of them again, and it was agreed on anew.
    contract.installments.filter(number=2).update(status=Status.OPEN)
    other = agree(contract, collector)

    with pytest.raises(DomainError, match=f"parcela 2 .* já está no acordo {other.number}"):
        reverse(payments[0], collector)

    assert fresh(agreement).status == "settled"
    assert not AgreementPayment.objects.exclude(reversed_on=None).exists()


def test_it_wants_a_reason_and_a_payment(agreement, collector):
    (payment,) = pay(agreement, collector, "1000.00")

    with pytest.raises(DomainError, match="Informe o motivo"):
        reverse(payment, collector, "  ")
    with pytest.raises(NotFoundError):
        reverse_payment(payment_id=payment.pk + 1, actor=collector, on=TODAY, reason="x")
