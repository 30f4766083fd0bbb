"""Alçada: how much discount passes on whose word (AGR-07)."""

from decimal import Decimal

from cobranca.accounts.models import User
from cobranca.accounts.roles import COLLECTOR, IMPLEMENTER, SUPERVISOR, role_of
from cobranca.agreements.models import Agreement
from cobranca.agreements.parameters import (
    COLLECTOR_AUTHORITY,
    IMPLEMENTER_AUTHORITY,
    SECTION,
    SUPERVISOR_AUTHORITY,
)
from cobranca.agreements.states import Approval
from cobranca.calc.money import HUNDRED, ZERO, to_cents
from cobranca.calc.words import percentage
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import values_of

MAY_APPROVE = "agreements.approve_agreement"
BY_ROLE = {
    COLLECTOR: COLLECTOR_AUTHORITY,
    SUPERVISOR: SUPERVISOR_AUTHORITY,
    IMPLEMENTER: IMPLEMENTER_AUTHORITY,
}


def authority_of(actor: User | None, creditor: Creditor) -> int:
    """Return the largest discount, in % of the updated debt, that passes on `actor`'s word.

    Nothing passes on the word of the system itself or of somebody without such a role.
    """
    parameter = BY_ROLE.get(role_of(actor)) if actor is not None else None
    if parameter is None:
        return 0
    return values_of(SECTION, agency=creditor.agency, creditor=creditor)[parameter]


def discount_percent(agreement: Agreement) -> Decimal:
    """Return the discount as a percentage of the updated debt, rounded for people."""
    if not agreement.updated_debt:
        return ZERO
    return to_cents(agreement.discount * HUNDRED / agreement.updated_debt)


def is_within(agreement: Agreement, percent: int) -> bool:
    """Tell whether the discount, early payment apart, is at most `percent` of the updated debt."""
    return agreement.discount * HUNDRED <= agreement.updated_debt * percent


def why_wait(agreement: Agreement, actor: User | None) -> str:
    """Return why the agreement waits for somebody's approval; "" when it need not."""
    template = agreement.template
    if template is not None and template.approval == Approval.ALWAYS:
        return f"O template {template} pede aprovação."
    allowed = authority_of(actor, agreement.creditor)
    if is_within(agreement, allowed):
        return ""
    return f"Desconto de {percentage(discount_percent(agreement))} acima da alçada de {allowed}%."


def check_approver(agreement: Agreement, actor: User) -> None:
    """Raise DomainError unless `actor` may approve, and a discount as large as this one."""
    if not actor.has_perm(MAY_APPROVE):
        raise DomainError("Você não aprova acordos: peça a um supervisor.")
    allowed = authority_of(actor, agreement.creditor)
    if not is_within(agreement, allowed):
        raise DomainError(
            f"Sua alçada é de {allowed}% e o desconto é de "
            f"{percentage(discount_percent(agreement))}: peça a quem tem alçada maior."
        )
