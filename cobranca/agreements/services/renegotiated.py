"""What became in the ERP of an agreement that was written there (SIE-18, SIE-22).

The mirror moved installments; here the agreement draws its conclusions from how they stand now,
so that it does not matter which channel told, how often, or in which order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobranca.agreements.models import AgreementInstallment, AgreementItem
from cobranca.agreements.services.breaching import (
    breach,
    give_to_creditor,
    recalls_originals,
)
from cobranca.agreements.services.locking import Whole
from cobranca.agreements.services.moving import move
from cobranca.agreements.services.receiving import follow_payments
from cobranca.agreements.services.terms import set_terms, update_total
from cobranca.agreements.states import AgreementStatus, ParcelStatus
from cobranca.contracts.models import Contract, Installment, Negotiation, Payment, Recall
from cobranca.contracts.services import (
    Why,
    finish_negotiations,
    let_go,
    lock_installments,
    move_installments,
    recall_installments,
    remove_negotiation,
    tell_recall,
)
from cobranca.contracts.services.installments import OWED
from cobranca.contracts.states import InstallmentStatus, RecallReason
from cobranca.creditors.parameters import Parameter
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import (
    FINISH_RENEGOTIATED_ON_BREACH,
    REMOVE_RENEGOTIATED_ON_BREACH,
    REMOVE_RENEGOTIATED_ON_PAYMENT_REMOVAL,
)
from cobranca.creditors.types import label_of

TERMINATED = "Quebra automática: Distrato"
RENEGOTIATED = "Quebra automática: as parcelas do acordo foram renegociadas no ERP"
TRANSFERRED = "Quebra automática: Cessão de direitos"
SYNCED = Why(RecallReason.CREDITOR_REQUEST, "Parcela(s) sincronizada(s) via webservice")
# Why what was generated leaves collection, by why the agreement is broken; else SYNCED.
WHYS = {
    TERMINATED: Why(RecallReason.TERMINATION, "Distrato no ERP"),
    RENEGOTIATED: Why(RecallReason.RENEGOTIATION, "Renegociada no ERP"),
    TRANSFERRED: Why(RecallReason.TRANSFER, "Cessão de direitos no ERP"),
}
FOLLOWED = (AgreementStatus.ACTIVE, AgreementStatus.SETTLED)


@dataclass(frozen=True)
class Generated:
    """What the ERP generated for a locked agreement, by its numbers there, locked too."""

    contract: Contract
    rows: dict[int, Installment]

    def unpaid(self, parcels: Sequence[AgreementInstallment]) -> list[Installment]:
        """Return what was generated for parcels that nobody paid in full."""
        told = (self.rows.get(parcel.erp_number or 0) for parcel in parcels
                if parcel.status != ParcelStatus.PAID)  # fmt: skip
        return [row for row in told if row is not None]


def follow_renegotiated(of: Whole, on: date) -> bool:
    """Break, settle or pay a locked agreement as the ERP did; tell whether it was closed."""
    agreement = of.agreement
    numbers = [parcel.erp_number for parcel in of.parcels if parcel.erp_number is not None]
    if not agreement.external_id or not numbers or agreement.status not in FOLLOWED:
        return False
    made = _generated(of, numbers)
    why = _why_broken(of, made)
    if why:
        _break(of, made, why, on)
        return True
    before = agreement.status
    _hold(made, on)
    _follow_terms(of, made)
    follow_payments(of, made.rows, on=on)
    return before != agreement.status and agreement.status == AgreementStatus.SETTLED


def _generated(of: Whole, numbers: Sequence[int]) -> Generated:
    contract = of.items[0].contract
    found = Installment.objects.filter(contract=contract, number__in=numbers)
    rows = lock_installments(list(found.values_list("pk", flat=True)))
    return Generated(contract, {row.number: row for row in rows})


# --- broken ---------------------------------------------------------------------------------------


def _why_broken(of: Whole, made: Generated) -> str:
    """Return why the agreement is broken; "" while it is not.

    A renegotiation closes its originals for good: one that owes again says that it was undone.
    """
    originals = [of.original(item) for item in of.items]
    if any(row.status == InstallmentStatus.OPEN for row in originals):
        return f"Quebra automática: Identificado que o acordo está quebrado na API {_system(of)}"
    left = made.unpaid(of.parcels)
    if any(was_terminated(row) for row in left):
        return TERMINATED
    gone = left and not any(row.status in OWED for row in left)
    if gone and any(_closed_by(row, RecallReason.RENEGOTIATION) for row in left):
        return RENEGOTIATED
    if gone and any(_closed_by(row, RecallReason.TRANSFER) for row in left):
        return TRANSFERRED
    return ""


def _system(of: Whole) -> str:
    return label_of(of.agreement.creditor.creditor_type)


def was_terminated(row: Installment) -> bool:
    """Tell whether an installment left collection because its contract was cancelled."""
    return _closed_by(row, RecallReason.TERMINATION)


def _closed_by(row: Installment, reason: RecallReason) -> bool:
    """Tell why a recalled installment was: by its recall, else by its last receipt.

    A batimento calls every recall “Batimento”: the receipt that closed it says what it was.
    """
    if row.status != InstallmentStatus.RECALLED:
        return False
    of_it = {"contract": row.contract_id, "number": row.number}
    recall = Recall.objects.filter(**of_it, reopened_on=None).order_by("-pk").first()
    if recall is not None and recall.reason == reason:
        return True
    last = Payment.objects.filter(**of_it).order_by("-paid_on", "-sequence", "-pk").first()
    return last is not None and last.kind in _KINDS.get(reason, ())


# How receipts that move no money are called, whichever the ERP.
_KINDS = {
    RecallReason.TERMINATION: ("Distrato",),
    RecallReason.RENEGOTIATION: ("Reparcelamento", "Repactuação", "Substituição"),
}


def _break(of: Whole, made: Generated, reason: str, on: date) -> None:
    if of.agreement.status == AgreementStatus.SETTLED:
        move(of.agreement, AgreementStatus.ACTIVE, closed_on=None)
    _recall_generated(of, made, WHYS.get(reason, SYNCED), on)
    _uncover(of)
    back = [
        of.original(item) for item in of.items if of.original(item).status == InstallmentStatus.OPEN
    ]
    breach(of, reason, actor=None, on=on)
    if of.paid and recalls_originals(of.agreement):
        give_to_creditor(of, back, on)
    _end_negotiation(of, made, on)


def _recall_generated(of: Whole, made: Generated, why: Why, on: date) -> None:
    """Recall what is still owed of it here; tell of all that was not paid."""
    gone = made.unpaid(of.parcels)
    recall_installments([row for row in gone if row.status in OWED], why, on=on)
    tell_recall(gone, why, on=on)


def _uncover(of: Whole) -> None:
    """Forget that payments covered originals that the ERP wants paid again."""
    bare = [item for item in of.items if of.original(item).status == InstallmentStatus.OPEN]
    AgreementItem.objects.filter(pk__in=[item.pk for item in bare]).update(covered_on=None)
    for item in bare:
        item.covered_on = None


def _end_negotiation(of: Whole, made: Generated, on: date) -> None:
    """Do to what was generated as the creditor wants it done when nothing was paid (6.3)."""
    let_go(made.contract, made.rows)
    if of.paid:
        finish_negotiations(made.contract, on=on)
        return
    was_paid = of.agreement.payments.exists()
    if _wants(of, REMOVE_RENEGOTIATED_ON_BREACH) or (
        was_paid and _wants(of, REMOVE_RENEGOTIATED_ON_PAYMENT_REMOVAL)
    ):
        remove_negotiation(made.contract, _nobody_elses(made))
    elif _wants(of, FINISH_RENEGOTIATED_ON_BREACH):
        finish_negotiations(made.contract, on=on)


def _nobody_elses(made: Generated) -> set[int]:
    """Return the numbers that no agreement was ever made about: the others are history."""
    ids = [row.pk for row in made.rows.values()]
    items = AgreementItem.objects.filter(installment__in=ids)
    return set(made.rows) - set(items.values_list("installment__number", flat=True))


def _wants(of: Whole, parameter: Parameter[bool]) -> bool:
    return value_of(parameter, agency=of.agreement.agency, creditor=of.agreement.creditor)


# --- alive ----------------------------------------------------------------------------------------


def _hold(made: Generated, on: date) -> None:
    """Keep what a load included or reopened out of everybody else's hands."""
    free = [row for row in made.rows.values() if row.status == InstallmentStatus.OPEN]
    if free:
        move_installments(free, InstallmentStatus.NEGOTIATED, on=on)
        numbers = {row.negotiation for row in free}
        Negotiation.objects.filter(
            contract=made.contract, number__in=numbers - {1}, is_agreement=True
        ).update(finished_on=None)


def _follow_terms(of: Whole, made: Generated) -> None:
    """Follow new due dates and values of parcels that are still to be paid."""
    changed = False
    for parcel in of.parcels:
        row = made.rows.get(parcel.erp_number or 0)
        if row is None or parcel.status != ParcelStatus.OPEN:
            continue
        amount: Decimal = max(row.principal, parcel.paid)
        if (parcel.due_date, parcel.amount) != (row.due_date, amount):
            set_terms(parcel, row.due_date, amount, row.number)
            changed = True
    if changed:
        update_total(of)
