"""Taking back a payment that was recorded by mistake or bounced (AGR-06)."""

from datetime import date

from cobranca.accounts.models import User
from cobranca.agreements.cover import covered_count
from cobranca.agreements.models import AgreementItem, AgreementPayment
from cobranca.agreements.services.holding import check_free, take
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import Changes, move, move_parcel, why
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import AgreementStatus, ParcelStatus
from cobranca.calc.words import day_text, reais
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.common.patience import atomic_again
from cobranca.contracts.models import EventKind
from cobranca.contracts.services import move_installments
from cobranca.contracts.states import InstallmentStatus


@atomic_again
def reverse_payment(
    *, payment_id: int, actor: User | None, on: date, reason: str
) -> AgreementPayment:
    """Undo one payment: its parcel owes again, originals no longer covered are in agreement again.

    A settled agreement comes back into force, which is refused when one of its originals is in
    another agreement by now. The row of the payment stays.
    """
    told = why(reason)
    # Only to know whose lock to take: what counts is read again under it.
    known = AgreementPayment.objects.filter(pk=payment_id).first()
    if known is None:
        raise NotFoundError("Pagamento não encontrado.")
    of = lock_whole(known.agreement_id)
    payment = AgreementPayment.objects.get(pk=payment_id)
    _check(of, payment)
    undo_payment(of, payment, told, actor=actor, on=on)
    return payment


def undo_payment(
    of: Whole, payment: AgreementPayment, told: str, *, actor: User | None, on: date
) -> None:
    """Undo one payment of a locked agreement, for a reason, and tell."""
    paid = of.paid
    _take_back(of, payment)
    changes = {"pago": [reais(paid), reais(of.paid)], "motivo": ["Vazio", told]} | _reopen(of)
    _uncover(of, on)
    payment.reversed_on, payment.reversed_by = on, actor
    payment.save(update_fields=["reversed_on", "reversed_by"])
    text = (
        f"Data: {day_text(payment.paid_on)} - Valor: {reais(payment.amount)}\n"
        f"Acordo {of.agreement.number}\n{told}"
    )
    news = News("agreement.reversed", text, title="Estorno de Pagamento", kind=EventKind.PAYMENT)
    tell(of, news, actor=actor, changes=changes, key=str(payment.pk))


def _check(of: Whole, payment: AgreementPayment) -> None:
    if payment.reversed_on is not None:
        raise DomainError(f"Este pagamento já foi estornado em {day_text(payment.reversed_on)}.")
    if of.agreement.status not in (AgreementStatus.ACTIVE, AgreementStatus.SETTLED):
        state = of.agreement.get_status_display()
        raise DomainError(
            f"O acordo está em “{state}”: o que foi pago já foi abatido das parcelas originais."
        )
    if of.agreement.is_integrated:
        raise DomainError(
            "Acordo integrado: estorne no ERP. O estorno chega aqui na sincronização seguinte."
        )
    if any(parcel.status == ParcelStatus.CANCELLED for parcel in of.parcels):
        raise DomainError("O acordo foi encerrado pelo ERP: seus pagamentos não se estornam.")


def _take_back(of: Whole, payment: AgreementPayment) -> None:
    parcel = next(each for each in of.parcels if each.pk == payment.parcel_id)
    parcel.paid -= payment.amount
    if parcel.status == ParcelStatus.PAID:
        move_parcel(parcel, ParcelStatus.OPEN, paid=parcel.paid, paid_on=None)
    else:
        parcel.save(update_fields=["paid"])


def _reopen(of: Whole) -> Changes:
    """Put a settled agreement back in force: it holds its originals again, if nobody else does."""
    if of.agreement.status != AgreementStatus.SETTLED:
        return {}
    check_free(of)
    take(of)
    return move(of.agreement, AgreementStatus.ACTIVE, closed_on=None)


def _uncover(of: Whole, on: date) -> None:
    """Take originals that the money no longer covers back into the agreement."""
    first_bare = covered_count(of.nets, of.paid)
    bare = [item for item in of.items[first_bare:] if item.covered_on is not None]
    rows = [of.original(item) for item in bare]
    # What is paid never goes straight into an agreement: it owes again first.
    settled = [row for row in rows if row.status == InstallmentStatus.SETTLED]
    move_installments(settled, InstallmentStatus.OPEN, on=on)
    # One that the mirror recalled meanwhile is not ours to take.
    free = [row for row in rows if row.status == InstallmentStatus.OPEN]
    move_installments(free, InstallmentStatus.NEGOTIATED, on=on)
    AgreementItem.objects.filter(pk__in=[item.pk for item in bare]).update(covered_on=None)
