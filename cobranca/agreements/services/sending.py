"""Sending an agreement to the ERP, and writing down here what the ERP made of it (SIE-21).

The ERP is asked outside of any transaction. What it wrote comes into our books in one: the
originals leave, what it generated comes in their place, the agreement is in force.
"""

from datetime import date, timedelta

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.agreements.keys import key_of
from cobranca.agreements.limits import base_month_of
from cobranca.agreements.models import REASON_LIMIT, Agreement
from cobranca.agreements.services.activation import activate
from cobranca.agreements.services.cancelling import cancel
from cobranca.agreements.services.locking import Whole, lock_agreement, lock_whole
from cobranca.agreements.services.moving import Changes
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.services.terms import follow_terms
from cobranca.agreements.services.undoing import ask_to_undo
from cobranca.agreements.states import AgreementStatus, WaitsFor
from cobranca.calc.money import ZERO
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import (
    ErpGateway,
    ErpRefusalError,
    ErpUnreachableError,
    Renegotiation,
    RenegotiationParcel,
    RenegotiationReceipt,
    gateway_for,
)
from cobranca.contracts.services import (
    Generated,
    LoadUnderWayError,
    Why,
    add_generated,
    finish_negotiations,
    recall_installments,
    remember_reading,
    tell_recall,
    wait_for_mirror,
)
from cobranca.contracts.states import RecallReason

DOWN_PAYMENT = 0
# How long somebody at the desk waits for a load that is being written; the sweeper goes on later.
PATIENCE = timedelta(seconds=10)
BEHIND_A_LOAD = "O ERP gravou o acordo. Ele entra em vigor assim que a carga em andamento terminar."
HANDED_OVER = "O contrato passou a outro titular (cessão de direitos)."


def send_to_erp(*, agreement_id: int, actor: User | None, on: date) -> Agreement:
    """Ask the ERP to write an agreement that holds its originals; in force once it did.

    What the ERP refuses is called off, with its words as the reason, and raised. When no answer
    comes the agreement goes on waiting, with the reason; it is sent again by itself.
    """
    order = _order(agreement_id)
    gateway = gateway_for(order.contract.creditor)
    try:
        receipt = gateway.integrate(order)
    except ErpRefusalError as error:
        _refused(agreement_id, error.message, actor, on)
        raise
    except ErpUnreachableError as error:
        return _left_waiting(agreement_id, error.message)
    try:
        return _written(agreement_id, receipt, gateway, actor, on)
    except LoadUnderWayError:
        return _left_waiting(agreement_id, BEHIND_A_LOAD)
    except ErpUnreachableError as error:  # somebody is taking it out of the ERP again
        return _left_waiting(agreement_id, error.message)


def is_sent(agreement: Agreement) -> bool:
    """Tell whether the ERP is being asked to write this agreement, and did not answer yet."""
    if agreement.external_id or not agreement.is_integrated:
        return False
    return agreement.waits_for == WaitsFor.ERP or agreement.status == AgreementStatus.ACTIVE


def is_resting(agreement: Agreement) -> bool:
    """Tell whether the ERP was asked to write it so lately that it is left alone for a while."""
    return gateway_for(agreement.creditor).is_resting(key_of(agreement))


@transaction.atomic
def _order(agreement_id: int) -> Renegotiation:
    of = lock_whole(agreement_id)
    agreement, contract = of.agreement, of.original(of.items[0]).contract
    if not is_sent(agreement):
        state = agreement.get_status_display()
        raise DomainError(f"Este acordo não espera mais o ERP: está em “{state}”.")
    parcels = [parcel for parcel in of.parcels if parcel.number != DOWN_PAYMENT]
    down = agreement.total - sum((parcel.amount for parcel in parcels), ZERO)
    return Renegotiation(
        key=key_of(agreement),
        contract=contract,
        installments=[of.original(item).number for item in of.items],
        on=agreement.on,
        base_month=base_month_of(agreement.on),
        monthly_rate_percent=agreement.monthly_rate_percent,
        down_payment=down,
        parcels=[
            RenegotiationParcel(parcel.number, parcel.due_date, parcel.amount) for parcel in parcels
        ],
        discount=agreement.discount + agreement.early_discount,
        financed=agreement.agreed - down,
        title=f"Acordo {agreement.number} - Cobrança",
    )


@transaction.atomic
def _left_waiting(agreement_id: int, why: str) -> Agreement:
    """Keep why the ERP did not answer, for whoever looks at an agreement that still waits.

    Its originals are not locked: a load that is being written may hold them.
    """
    agreement = lock_agreement(agreement_id)
    if is_sent(agreement):
        agreement.reason = why[:REASON_LIMIT]
        agreement.save(update_fields=["reason"])
    return agreement


@transaction.atomic
def _written(
    agreement_id: int,
    receipt: RenegotiationReceipt,
    gateway: ErpGateway,
    actor: User | None,
    on: date,
) -> Agreement:
    agency_id = Agreement.objects.values_list("agency", flat=True).get(pk=agreement_id)
    wait_for_mirror(agency_id, at_most=PATIENCE)
    of = lock_whole(agreement_id)
    agreement = of.agreement
    if agreement.external_id:
        return agreement  # asked twice at once: the ERP wrote it once, and so do we
    if not of.items[0].contract.is_current:
        _call_off(of, HANDED_OVER, actor, on)
    if not is_sent(agreement):
        ask_to_undo(agreement, receipt.external_id)
        return agreement
    changes = follow_terms(of, receipt.parcels)
    agreement.external_id = receipt.external_id
    agreement.reason = ""
    agreement.save(update_fields=["external_id", "reason"])
    _replace_originals(of, receipt, on)
    if agreement.status == AgreementStatus.WAITING:
        activate(of, actor=actor, on=on)
    _tell(of, receipt, changes, actor)
    gateway.finish(key_of(agreement))
    return agreement


def _replace_originals(of: Whole, receipt: RenegotiationReceipt, on: date) -> None:
    """Take the originals out and put in what the ERP generated for them, once it told what.

    First in, then out: so the contract never looks as if nothing were owed.
    """
    if not receipt.parcels:
        return
    contract = of.items[0].contract
    told = [Generated(each.number, each.due_date, each.amount) for each in receipt.parcels]
    add_generated(contract, told, on=on)
    held = [of.original(item) for item in of.items if of.is_held(item)]
    why = Why(RecallReason.RENEGOTIATION, f"Acordo {of.agreement.number} integrado ao ERP")
    recall_installments(held, why, on=on)
    tell_recall(held, why, on=on)
    finish_negotiations(contract, on=on)
    remember_reading(contract, receipt.read_at)


def _tell(of: Whole, receipt: RenegotiationReceipt, changes: Changes, actor: User | None) -> None:
    text = f"{of.summary}\nReparcelamento no ERP: {receipt.external_id}"
    if receipt.parcels:
        numbers = ", ".join(str(each.number) for each in receipt.parcels)
        text += f"\nParcela(s) gerada(s): {numbers}"
    if changes:
        text += f"\nValores como o ERP os gravou; calculado: {changes['parcelas'][0]}"
    news = News("agreement.integrated", text, title="Acordo integrado ao ERP")
    trail = {"renegociação no ERP": ["Vazio", receipt.external_id], **changes}
    tell(of, news, actor=actor, changes=trail)


@transaction.atomic
def _refused(agreement_id: int, reason: str, actor: User | None, on: date) -> None:
    _call_off(lock_whole(agreement_id), f"Recusado pelo ERP: {reason}", actor, on)


def _call_off(of: Whole, reason: str, actor: User | None, on: date) -> None:
    """Call off what was only waiting for the ERP; what is in force stays, not integrated."""
    agreement = of.agreement
    if agreement.waits_for == WaitsFor.ERP:
        cancel(of, reason, actor=actor, on=on)
    elif is_sent(agreement):
        agreement.is_integrated = False
        agreement.reason = reason[:REASON_LIMIT]
        agreement.save(update_fields=["is_integrated", "reason"])
