"""Money received for an agreement (AGR-06): it pays parcels, parcels pay the originals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobranca.accounts.models import User
from cobranca.agreements.cover import covered_count, spread
from cobranca.agreements.models import (
    Agreement,
    AgreementInstallment,
    AgreementItem,
    AgreementPayment,
)
from cobranca.agreements.services.activation import check_validity, submit
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import move, move_parcel, set_live
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import AgreementStatus, Effect, ParcelStatus
from cobranca.calc.money import ZERO, in_cents
from cobranca.calc.words import day_text, reais
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.common.patience import atomic_again
from cobranca.contracts.models import EventKind
from cobranca.contracts.services import move_installments
from cobranca.contracts.states import InstallmentStatus

IN_CASH = "Dinheiro"
MEANS_LIMIT, NOTE_LIMIT = 40, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money as it came in. Without an amount: all that remains of the parcel, or of them all.

    Without a parcel it pays the parcels in the order they fall due.
    """

    paid_on: date
    amount: Decimal | None = None
    parcel_id: int | None = None
    means: str = IN_CASH
    note: str = ""


@atomic_again
def pay_agreement(
    *, agreement_id: int, receipt: Receipt, actor: User | None, on: date
) -> list[AgreementPayment]:
    """Record money received for an agreement in force; return one payment for each parcel paid.

    Originals are settled in order, as the money covers what each has to be paid; with the last
    parcel the agreement is settled. Raises DomainError for more than remains, for a day to come,
    and for an agreement that is not in force.
    """
    of = lock_whole(agreement_id)
    if of.agreement.status == AgreementStatus.PROPOSAL:
        _take_effect(of, actor, on)
    _check_in_force(of.agreement)
    return receive(of, receipt, actor=actor, on=on)


def _take_effect(of: Whole, actor: User | None, on: date) -> None:
    """Put a proposal in force whose template says that the first payment does."""
    template = of.agreement.template
    if template is not None and template.effect == Effect.ON_FIRST_PAYMENT:
        check_validity(of.agreement, on)
        submit(of, actor=actor, on=on)


def _check_in_force(agreement: Agreement) -> None:
    if agreement.status != AgreementStatus.ACTIVE:
        state = agreement.get_status_display()
        raise DomainError(f"Só um acordo vigente recebe pagamentos: este está em “{state}”.")
    if agreement.is_integrated:
        # Playbook 7.5: what the ERP generated is paid there, and told from there.
        raise DomainError(
            "Acordo integrado: o pagamento é baixado no ERP e chega aqui na sincronização seguinte."
        )


def receive(of: Whole, receipt: Receipt, *, actor: User | None, on: date) -> list[AgreementPayment]:
    """Record money received for a locked agreement in force."""
    _check_receipt(receipt, on)
    parcels = _payable(of, receipt.parcel_id)
    amounts = _amounts(parcels, receipt)
    payments = [
        _pay(parcel, amount, receipt, actor)
        for parcel, amount in zip(parcels, amounts, strict=True)
        if amount
    ]
    settled = settle_originals(of, receipt.paid_on)
    _tell_payment(of, payments, settled, actor)
    if all(parcel.status == ParcelStatus.PAID for parcel in of.parcels):
        close(of, payments[-1], actor, on)
    return payments


def _check_receipt(receipt: Receipt, on: date) -> None:
    if receipt.paid_on > on:
        raise DomainError("A data do pagamento não pode ser futura.", "paid_on")
    for field, most in (("means", MEANS_LIMIT), ("note", NOTE_LIMIT)):
        if len(getattr(receipt, field).strip()) > most:
            raise DomainError(f"Texto longo demais: até {most} letras.", field)


def first_parcel(of: Whole) -> AgreementInstallment:
    """Return the parcel to be paid next."""
    return _payable(of, None)[0]


def _payable(of: Whole, parcel_id: int | None) -> list[AgreementInstallment]:
    """Return the parcels that money may go to, in the order it does."""
    if parcel_id is None:
        due = sorted(of.parcels, key=lambda parcel: (parcel.due_date, parcel.number))
        return [parcel for parcel in due if parcel.remaining]
    chosen = [parcel for parcel in of.parcels if parcel.pk == parcel_id]
    if not chosen:
        raise NotFoundError("Esta parcela não é deste acordo.", "parcel")
    if not chosen[0].remaining:
        raise DomainError("Esta parcela do acordo já está paga.", "parcel")
    return chosen


def _amounts(parcels: Sequence[AgreementInstallment], receipt: Receipt) -> list[Decimal]:
    remaining = [parcel.remaining for parcel in parcels]
    most = sum(remaining, ZERO)
    amount = most if receipt.amount is None else receipt.amount
    if not in_cents(amount) or not 0 < amount <= most:
        raise DomainError(f"Informe um valor entre R$ 0,01 e {reais(most)}, o que falta.", "amount")
    return spread(amount, remaining)


def _pay(
    parcel: AgreementInstallment, amount: Decimal, receipt: Receipt, actor: User | None
) -> AgreementPayment:
    parcel.paid += amount
    if parcel.paid == parcel.amount:
        move_parcel(parcel, ParcelStatus.PAID, paid=parcel.paid, paid_on=receipt.paid_on)
    else:
        parcel.save(update_fields=["paid"])
    return AgreementPayment.objects.create(
        agency_id=parcel.agency_id,
        agreement_id=parcel.agreement_id,
        parcel=parcel,
        paid_on=receipt.paid_on,
        amount=amount,
        means=receipt.means.strip() or IN_CASH,
        note=receipt.note.strip(),
        recorded_by=actor,
    )


def settle_originals(of: Whole, paid_on: date) -> list[AgreementItem]:
    """Settle the originals that all money so far covers; return those that it newly does.

    Those of an integrated agreement left when it was written: they are only noted as covered.
    """
    covered = of.items[: covered_count(of.nets, of.paid)]
    new = [item for item in covered if item.covered_on is None]
    held = [of.original(item) for item in new if of.is_held(item)]
    move_installments(held, InstallmentStatus.SETTLED, on=paid_on)
    AgreementItem.objects.filter(pk__in=[item.pk for item in new]).update(covered_on=paid_on)
    for item in new:
        item.covered_on = paid_on
    return new


def _tell_payment(
    of: Whole,
    payments: Sequence[AgreementPayment],
    settled: Sequence[AgreementItem],
    actor: User | None,
) -> None:
    total = sum((payment.amount for payment in payments), ZERO)
    parcels = ", ".join(str(payment.parcel) for payment in payments)
    text = (
        f"Data: {day_text(payments[0].paid_on)} - Valor: {reais(total)}\n"
        f"Acordo {of.agreement.number} - Parcela(s) do acordo: {parcels}"
    )
    if settled:
        text += f"\nParcela(s) quitada(s): {', '.join(str(item.installment) for item in settled)}"
    before = of.paid - total
    tell(
        of,
        News("agreement.paid", text, title="Pagamento de Acordo", kind=EventKind.PAYMENT),
        actor=actor,
        changes={"pago": [reais(before), reais(of.paid)]},
        key=str(payments[-1].pk),
    )


def close(of: Whole, last: AgreementPayment, actor: User | None, on: date) -> None:
    """Close an agreement whose last parcel was paid."""
    set_live(of.agreement, live=False)
    changes = move(of.agreement, AgreementStatus.SETTLED, closed_on=on)
    news = News("agreement.settled", of.summary, title="Acordo quitado")
    tell(of, news, actor=actor, changes=changes, key=str(last.pk))
