"""Money that the ERP received for an integrated agreement (SIE-18): it pays parcels here.

What a parcel still owes in the ERP says how much of it is paid; the difference to what is noted
here is received now, or taken back. So a payment counts once, whoever tells of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobranca.agreements.models import AgreementInstallment, AgreementPayment
from cobranca.agreements.services.locking import Whole
from cobranca.agreements.services.moving import move_parcel
from cobranca.agreements.services.paying import IN_CASH, MEANS_LIMIT, close, settle_originals
from cobranca.agreements.services.reversing import undo_payment
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import ParcelStatus
from cobranca.calc.money import ZERO
from cobranca.calc.words import day_text, reais
from cobranca.contracts.models import EventKind, Installment, Payment, Recall
from cobranca.contracts.services.installments import OWED
from cobranca.contracts.states import InstallmentStatus, RecallReason
from cobranca.creditors.types import label_of

RECEIVED = "Recebimento"


@dataclass(frozen=True)
class Money:
    """What came in for one parcel: when, how, and how much with everything it came with."""

    paid_on: date
    means: str
    total: Decimal


def follow_payments(of: Whole, rows: Mapping[int, Installment], *, on: date) -> None:
    """Make what is paid of each parcel what the ERP says; close or reopen the agreement."""
    for parcel in of.parcels:
        row = rows.get(parcel.erp_number or 0)
        target = None if row is None else _paid_there(of, parcel, row)
        if row is None or target is None:
            continue
        if target < parcel.paid:
            _take_back(of, parcel, parcel.paid - target, on)
        if target > parcel.paid:
            _receive(of, parcel, row, target - parcel.paid, on)


def _paid_there(of: Whole, parcel: AgreementInstallment, row: Installment) -> Decimal | None:
    """Return how much of a parcel is paid in the ERP; None when that is not told yet."""
    if row.status in OWED:
        return min(max(parcel.amount - row.balance, ZERO), parcel.amount)
    return parcel.amount if _was_received(of, row) else None


def _was_received(of: Whole, row: Installment) -> bool:
    """Tell whether the ERP received what it closed. Opening a debtor does not say so (SIE-13):
    then the receipt does, when it comes."""
    if row.status != InstallmentStatus.RECALLED:
        return row.status == InstallmentStatus.SETTLED
    of_it = {"contract": row.contract_id, "number": row.number}
    recall = Recall.objects.filter(**of_it, reopened_on=None).order_by("-pk").first()
    if recall is not None and recall.reason == RecallReason.PAYMENT:
        return True
    # The numbers of a renegotiation that was undone are given out again: older is not ours.
    since = of.agreement.on
    return Payment.objects.filter(**of_it, is_cash=True, paid_on__gte=since).exists()


# --- more ----------------------------------------------------------------------------------------


def _receive(
    of: Whole, parcel: AgreementInstallment, row: Installment, amount: Decimal, on: date
) -> None:
    money = _money(row, amount, on)
    parcel.paid += amount
    if parcel.paid == parcel.amount:
        move_parcel(parcel, ParcelStatus.PAID, paid=parcel.paid, paid_on=money.paid_on)
    else:
        parcel.save(update_fields=["paid"])
    payment = AgreementPayment.objects.create(
        agency_id=parcel.agency_id,
        agreement=of.agreement,
        parcel=parcel,
        paid_on=money.paid_on,
        amount=amount,
        means=money.means[:MEANS_LIMIT],
        note=f"Recebimento no {label_of(of.agreement.creditor.creditor_type)}",
    )
    settle_originals(of, money.paid_on)
    _tell(of, payment, row, money)
    if all(each.status == ParcelStatus.PAID for each in of.parcels):
        close(of, payment, None, on)


def _money(row: Installment, amount: Decimal, on: date) -> Money:
    """Return the receipts that `amount` of a parcel's balance came with: the latest of them.

    A receipt brings charges beside the balance it settles: people know it by the whole.
    """
    told = Payment.objects.filter(contract=row.contract_id, number=row.number)
    taken: list[Payment] = []
    settled = ZERO
    for receipt in told.order_by("-paid_on", "-sequence", "-pk"):
        if settled >= amount:
            break
        taken.append(receipt)
        settled += receipt.gross
    if not taken:
        return Money(on, IN_CASH, amount)
    kinds = dict.fromkeys(IN_CASH if each.kind == RECEIVED else each.kind for each in taken)
    total = sum((each.net for each in taken), ZERO)
    return Money(taken[0].paid_on, ", ".join(reversed(kinds)), total)


def _tell(of: Whole, payment: AgreementPayment, row: Installment, money: Money) -> None:
    rest = payment.parcel.remaining
    text = (
        f"Data: {day_text(money.paid_on)} Valor: {reais(money.total)} - {money.means}\n"
        f"Parcela(s): {row.number}\nAcordo {of.agreement.number}"
    )
    if rest:
        text += f" - Saldo da parcela: {reais(rest)}"
    tell(
        of,
        News("agreement.paid", f"{text}\n{payment.note}", kind=EventKind.PAYMENT),
        actor=None,
        changes={"pago": [reais(of.paid - payment.amount), reais(of.paid)]},
        key=str(payment.pk),
    )


# --- less ----------------------------------------------------------------------------------------


def _take_back(of: Whole, parcel: AgreementInstallment, amount: Decimal, on: date) -> None:
    """Reverse payments of a parcel until `amount` of it is owed again.

    What is reversed beyond that, for payments are reversed whole, is received anew.
    """
    standing = of.agreement.payments.filter(parcel=parcel, reversed_on=None).order_by("-pk")
    for payment in _enough(list(standing), amount):
        payment.parcel = parcel
        undo_payment(of, payment, "Estorno no ERP", actor=None, on=on)


def _enough(standing: Sequence[AgreementPayment], amount: Decimal) -> list[AgreementPayment]:
    exact = [payment for payment in standing if payment.amount == amount]
    if exact:
        return exact[:1]
    chosen: list[AgreementPayment] = []
    for payment in standing:
        if sum((each.amount for each in chosen), ZERO) >= amount:
            break
        chosen.append(payment)
    return chosen
