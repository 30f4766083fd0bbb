"""A supervisor's word on agreements above somebody's authority (AGR-07)."""

from datetime import date

from cobranca.accounts.models import User
from cobranca.agreements.models import Agreement
from cobranca.agreements.services.activation import check_validity, go_on
from cobranca.agreements.services.authority import MAY_APPROVE, check_approver
from cobranca.agreements.services.cancelling import cancel
from cobranca.agreements.services.holding import hold
from cobranca.agreements.services.locking import Whole, lock_whole
from cobranca.agreements.services.moving import why
from cobranca.agreements.services.sending import send_to_erp
from cobranca.agreements.states import AgreementStatus, WaitsFor, check_move
from cobranca.common.errors import DomainError
from cobranca.common.patience import atomic_again


def approve_agreement(*, agreement_id: int, actor: User, on: date) -> Agreement:
    """Approve an agreement that waits, or a proposal at once; it takes effect.

    An integrated one goes to the ERP first, outside of any transaction. Raises DomainError when
    the discount is above `actor`'s own authority.
    """
    agreement = _approve(agreement_id, actor, on)
    if agreement.waits_for == WaitsFor.ERP:
        return send_to_erp(agreement_id=agreement.pk, actor=actor, on=on)
    return agreement


@atomic_again
def _approve(agreement_id: int, actor: User, on: date) -> Agreement:
    of = lock_whole(agreement_id)
    agreement = of.agreement
    _check_waits(agreement)
    check_approver(agreement, actor)
    if agreement.status == AgreementStatus.PROPOSAL:
        check_validity(agreement, on)
        hold(of, on=on)
    agreement.approved_by = actor
    agreement.save(update_fields=["approved_by"])
    go_on(of, actor=actor, on=on, title="Acordo aprovado")
    return agreement


def _check_waits(agreement: Agreement) -> None:
    if agreement.status == AgreementStatus.SETTLED:
        raise DomainError("Acordo quitado não espera aprovação.")
    check_move(agreement.status, AgreementStatus.ACTIVE)
    if agreement.waits_for == WaitsFor.ERP:
        raise DomainError("O acordo já foi aprovado e espera a resposta do ERP.")


@atomic_again
def refuse_agreement(*, agreement_id: int, actor: User, on: date, reason: str) -> Agreement:
    """Refuse an agreement that waits for approval: it is cancelled, its originals come back."""
    told = why(reason)
    of: Whole = lock_whole(agreement_id)
    if not actor.has_perm(MAY_APPROVE):
        raise DomainError("Você não aprova nem recusa acordos: peça a um supervisor.")
    if of.agreement.waits_for != WaitsFor.APPROVAL:
        state = of.agreement.get_status_display()
        raise DomainError(f"Só se recusa um acordo que espera aprovação: este está em “{state}”.")
    cancel(of, f"Recusado: {told}", actor=actor, on=on)
    return of.agreement
