"""Quebra de Acordo (AGR-05): the originals come back, less what was paid."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.agreements.cover import covered_count, credits, left_over
from cobranca.agreements.models import Agreement, AgreementInstallment, AgreementItem
from cobranca.agreements.parameters import DAYS_TO_BREACH
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import call_off_parcels, move, set_live
from cobranca.agreements.services.moving import why as told_why
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import AgreementStatus, check_move
from cobranca.calc.calendar import delay
from cobranca.calc.money import ZERO
from cobranca.calc.words import day_text, days_text, reais
from cobranca.common.errors import DomainError
from cobranca.common.patience import atomic_again
from cobranca.contracts.models import EventKind, Installment
from cobranca.contracts.services import (
    Why,
    add_credit,
    move_installments,
    recall_installments,
    tell_recall,
)
from cobranca.contracts.states import InstallmentStatus, RecallReason
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import (
    ALLOW_BREACH_WAITING_APPROVAL,
    RECALL_ORIGINALS_ON_BREACH,
)
from cobranca.scheduling.models import Holiday


@atomic_again
def break_agreement(*, agreement_id: int, actor: User, on: date, reason: str) -> Agreement:
    """Break an agreement by hand; only one that is not in the ERP (playbook 7.3.3)."""
    told = told_why(reason)
    of = lock_whole(agreement_id)
    check_move(of.agreement.status, AgreementStatus.BROKEN)
    _check_by_hand(of.agreement)
    breach(of, f"Quebra manual: {told}", actor=actor, on=on)
    return of.agreement


def _check_by_hand(agreement: Agreement) -> None:
    if agreement.is_integrated:
        raise DomainError(
            "Acordo integrado: exclua o reparcelamento no ERP. "
            "O acordo é quebrado aqui na sincronização seguinte."
        )
    if agreement.status == AgreementStatus.WAITING and not may_break_waiting(agreement):
        raise DomainError(
            "Este credor não permite quebrar acordos que aguardam aprovação: recuse ou cancele."
        )


def may_break_waiting(agreement: Agreement) -> bool:
    """Tell whether the creditor lets agreements that wait for approval be broken."""
    return value_of(
        ALLOW_BREACH_WAITING_APPROVAL, agency=agreement.agency, creditor=agreement.creditor
    )


@transaction.atomic
def break_if_late(*, agreement_id: int, on: date) -> bool:
    """Break an agreement one of whose parcels is as late as its creditor bears; tell whether.

    Days late run from the effective due date, as everywhere. Asked again, it does nothing.
    """
    of = lock_whole(agreement_id)
    agreement = of.agreement
    late = _latest(of, on)
    days = value_of(DAYS_TO_BREACH, agency=agreement.agency, creditor=agreement.creditor)
    if late is None or not days or late[1] < days or not _may_break_alone(agreement):
        return False
    parcel, how_late = late
    breach(
        of,
        f"Quebra automática: parcela {parcel} do acordo vencida em {day_text(parcel.due_date)}, "
        f"{days_text(how_late)} de atraso",
        actor=None,
        on=on,
    )
    return True


def _may_break_alone(agreement: Agreement) -> bool:
    if agreement.is_integrated:
        return False
    if agreement.status == AgreementStatus.WAITING:
        return may_break_waiting(agreement)
    return agreement.status == AgreementStatus.ACTIVE


def _latest(of: Whole, on: date) -> tuple[AgreementInstallment, int] | None:
    """Return the parcel that is owed longest, and its days late."""
    owing = [parcel for parcel in of.parcels if parcel.remaining]
    if not owing:
        return None
    parcel = min(owing, key=lambda each: (each.due_date, each.number))
    holidays = Holiday.objects.filter(agency=of.agreement.agency_id)
    extra = frozenset(holidays.values_list("day", flat=True))
    return parcel, delay(parcel.due_date, on, of.agreement.creditor.state, extra)


def breach(of: Whole, reason: str, *, actor: User | None, on: date) -> None:
    """Break a locked agreement.

    Originals that payments covered stay settled. What was paid beyond them is taken off the next
    ones, in order; one of which nothing is left to owe is settled too.
    """
    changes = move(of.agreement, AgreementStatus.BROKEN, closed_on=on, reason=reason)
    call_off_parcels(of.parcels)
    back = [item for item in of.items[covered_count(of.nets, of.paid) :] if of.is_held(item)]
    owed = [of.original(item).owed for item in back]
    amounts = credits(left_over(of.nets, of.paid), owed)
    for item, amount in zip(back, amounts, strict=True):
        item.credited = amount
    AgreementItem.objects.bulk_update(back, ["credited"])
    _give_back(of, back, on)
    set_live(of.agreement, live=False)
    text = f"{of.summary}\n{reason}{_money_text(of, back)}"
    news = News("agreement.broken", text, kind=EventKind.BREACH)
    tell(of, news, actor=actor, changes=changes)


def _give_back(of: Whole, items: Sequence[AgreementItem], on: date) -> None:
    full = [item for item in items if item.credited and item.credited == of.original(item).owed]
    rest = [item for item in items if item not in full]
    add_credit({item.installment_id: item.credited for item in rest if item.credited})
    move_installments([of.original(item) for item in full], InstallmentStatus.SETTLED, on=on)
    returned = [of.original(item) for item in rest]
    if of.paid and recalls_originals(of.agreement):
        give_to_creditor(of, returned, on)
    else:
        move_installments(returned, InstallmentStatus.OPEN, on=on)


def recalls_originals(agreement: Agreement) -> bool:
    """Tell whether originals of an agreement broken under way go back to the creditor."""
    return value_of(
        RECALL_ORIGINALS_ON_BREACH, agency=agreement.agency, creditor=agreement.creditor
    )


def give_to_creditor(of: Whole, installments: Sequence[Installment], on: date) -> None:
    """Recall originals of a broken agreement (Devolução, playbook 7.3.3)."""
    why = Why(RecallReason.CREDITOR_REQUEST, f"Quebra do acordo {of.agreement.number}")
    recall_installments(installments, why, on=on)
    for contract_id in dict.fromkeys(row.contract_id for row in installments):
        rows = [row for row in installments if row.contract_id == contract_id]
        tell_recall(rows, why, on=on)


def _money_text(of: Whole, back: Sequence[AgreementItem]) -> str:
    """Write what became of the money: every centavo, and nothing when there was none."""
    if not of.paid:
        return ""
    if of.agreement.is_integrated:
        # What it still covers is the ERP's to say: the balances of the originals do.
        return f"\nPago no ERP: {reais(of.paid)}"
    covered = of.items[: covered_count(of.nets, of.paid)]
    parts = [f"\nPago: {reais(of.paid)}"]
    if covered:
        parts.append(f"Quitada(s): {', '.join(str(item.installment) for item in covered)}")
    off = [f"{item.installment} ({reais(item.credited)})" for item in back if item.credited]
    if off:
        parts.append(f"Abatido de: {', '.join(off)}")
    kept = kept_on_breach(of, back)
    if kept:
        parts.append(f"Encargos e despesas: {reais(kept)}")
    return ". ".join(parts)


def kept_on_breach(of: Whole, back: Sequence[AgreementItem]) -> Decimal:
    """Return what of the payments neither covers an original nor is taken off one."""
    return left_over(of.nets, of.paid) - sum((item.credited for item in back), ZERO)
