"""Calling an agreement off before anything was paid."""

from datetime import date

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.parameters import PROPOSAL_DAYS
from cobranca.agreements.services.activation import is_expired
from cobranca.agreements.services.holding import release
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import call_off_parcels, move, why
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.services.undoing import ask_to_undo
from cobranca.agreements.states import AgreementStatus, WaitsFor, check_move
from cobranca.calc.words import reais
from cobranca.common.errors import DomainError
from cobranca.common.patience import atomic_again
from cobranca.creditors.selectors import value_of


@atomic_again
def cancel_agreement(*, agreement_id: int, actor: User, on: date, reason: str) -> Agreement:
    """Call off a proposal, or an agreement of which nothing was paid; its originals come back.

    One that waits for the ERP is taken out of the ERP too, should it have come there.
    """
    told = why(reason)
    of = lock_whole(agreement_id)
    check_move(of.agreement.status, AgreementStatus.CANCELLED)
    _check_unpaid(of)
    _check_not_in_erp(of.agreement)
    may_be_there = of.agreement.waits_for == WaitsFor.ERP
    cancel(of, told, actor=actor, on=on)
    if may_be_there:
        ask_to_undo(of.agreement)
    return of.agreement


@transaction.atomic
def expire_proposal(*, agreement_id: int, on: date) -> bool:
    """Call off a proposal that is older than its creditor's may be; tell whether it was."""
    of = lock_whole(agreement_id)
    agreement = of.agreement
    days = value_of(PROPOSAL_DAYS, agency=agreement.agency, creditor=agreement.creditor)
    if agreement.status != AgreementStatus.PROPOSAL or not is_expired(agreement, days, on):
        return False
    cancel(of, f"A proposta passou dos {days} dias de validade.", actor=None, on=on)
    return True


def cancel(of: Whole, reason: str, *, actor: User | None, on: date) -> None:
    """Call off a locked agreement."""
    changes = move(of.agreement, AgreementStatus.CANCELLED, closed_on=on, reason=reason)
    call_off_parcels(of.parcels)
    release(of, on=on)
    news = News("agreement.cancelled", f"{of.summary}\n{reason}", title="Acordo cancelado")
    tell(of, news, actor=actor, changes=changes)


def _check_unpaid(of: Whole) -> None:
    if of.paid:
        raise DomainError(
            f"Este acordo já recebeu {reais(of.paid)}: estorne os pagamentos antes de cancelar, "
            "ou quebre o acordo."
        )


def _check_not_in_erp(agreement: Agreement) -> None:
    if agreement.is_integrated and agreement.status == AgreementStatus.ACTIVE:
        raise DomainError(
            "Acordo integrado: exclua o reparcelamento no ERP. "
            "O acordo é encerrado aqui na sincronização seguinte."
        )
