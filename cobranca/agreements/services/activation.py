"""From a proposal to an agreement in force, or to one that waits."""

from datetime import date

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.parameters import PROPOSAL_DAYS
from cobranca.agreements.services.authority import why_wait
from cobranca.agreements.services.holding import hold
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import move
from cobranca.agreements.services.telling import News, tell
from cobranca.agreements.states import AgreementStatus, WaitsFor, check_move
from cobranca.calc.words import day_text
from cobranca.common.errors import DomainError
from cobranca.common.patience import atomic_again
from cobranca.creditors.selectors import value_of


@atomic_again
def submit_agreement(*, agreement_id: int, actor: User | None, on: date) -> Agreement:
    """Put a proposal in force; or make it wait, when its discount is above `actor`'s authority.

    Either way its originals leave collection. Raises DomainError when the proposal is too old,
    when something in it changed meanwhile, or when it is no proposal any more.
    """
    of = lock_whole(agreement_id)
    check_move(of.agreement.status, AgreementStatus.WAITING)
    check_validity(of.agreement, on)
    submit(of, actor=actor, on=on)
    return of.agreement


def submit(of: Whole, *, actor: User | None, on: date) -> None:
    """Put a locked proposal in force, or make it wait for approval or for the ERP."""
    hold(of, on=on)
    if reason := why_wait(of.agreement, actor):
        wait_for_approval(of, reason, actor=actor)
    else:
        go_on(of, actor=actor, on=on)


def wait_for_approval(of: Whole, reason: str, *, actor: User | None) -> None:
    """Make an agreement wait for somebody with more authority."""
    changes = move(
        of.agreement, AgreementStatus.WAITING, waits_for=WaitsFor.APPROVAL, reason=reason
    )
    text = f"{of.summary}\n{reason}"
    news = News("agreement.waiting", text, title="Acordo aguardando aprovação")
    tell(of, news, actor=actor, changes=changes)


def go_on(of: Whole, *, actor: User | None, on: date, title: str = "") -> None:
    """Take the step after approval: in force at once, or first to the ERP."""
    if of.agreement.is_integrated:
        _wait_for_erp(of, actor=actor, title=title)
    else:
        activate(of, actor=actor, on=on, title=title)


def _wait_for_erp(of: Whole, *, actor: User | None, title: str) -> None:
    agreement = of.agreement
    if agreement.status == AgreementStatus.WAITING:
        before, agreement.reason = agreement.get_waits_for_display(), ""
        agreement.waits_for = WaitsFor.ERP
        agreement.save(update_fields=["waits_for", "reason"])
        changes = {"espera": [before, str(WaitsFor.ERP.label)]}
    else:
        changes = move(agreement, AgreementStatus.WAITING, waits_for=WaitsFor.ERP)
    news = News("agreement.sent", of.summary, title=title or "Acordo enviado ao ERP")
    tell(of, news, actor=actor, changes=changes)


def activate(of: Whole, *, actor: User | None, on: date, title: str = "") -> None:
    """Put an agreement that already holds its originals in force."""
    changes = move(of.agreement, AgreementStatus.ACTIVE, activated_on=on)
    news = News("agreement.activated", of.summary, title=title)
    tell(of, news, actor=actor, changes=changes)


def check_validity(agreement: Agreement, on: date) -> None:
    """Refuse a proposal that is older than its creditor's proposals may be."""
    days = value_of(PROPOSAL_DAYS, agency=agreement.agency, creditor=agreement.creditor)
    if is_expired(agreement, days, on):
        raise DomainError(
            f"A proposta é de {day_text(agreement.made_on)} e vale {days} dias: calcule de novo."
        )


def is_expired(agreement: Agreement, days: int, on: date) -> bool:
    """Tell whether a proposal is older than `days`; 0 is no limit."""
    return bool(days) and (on - agreement.made_on).days > days
