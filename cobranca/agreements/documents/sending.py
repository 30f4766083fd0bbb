"""Sending documents to debtors by e-mail: asked for here, delivered by the outbox."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.agreements.documents.found import Found, Kind, find
from cobranca.agreements.models import Agreement
from cobranca.agreements.services.authority import why_wait
from cobranca.agreements.states import AgreementStatus
from cobranca.campaigns.calculation import Calculation
from cobranca.campaigns.quotes import save_quote
from cobranca.common.errors import DomainError
from cobranca.debtors.emails import choose_email
from cobranca.debtors.models import Debtor, EmailAddress
from cobranca.debtors.outreach import ask_leave
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.services import publish

TOPIC = "document.requested"
TOKEN_LIMIT = 36


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Who wants something sent, where to, and when: `on` is what the document says.

    `token` tells one wish from another: with the same token a document is sent once, however often
    it is asked for. Without an e-mail it goes to the debtor's main one.
    """

    actor: User | None
    on: date
    at: datetime
    token: str
    email_id: int | None = None


def send_document(kind: Kind, key: int, sending: Sending) -> EmailAddress:
    """Have a document of an agreement sent to its debtor; return where to.

    It leaves after the transaction, and is on the timeline once it left. Raises DomainError at
    `email` when there is nowhere to send it or the law of contact is against it, and when it would
    promise what nobody approved. The law's answer is kept: not within a transaction.
    """
    found = find(kind, key)
    _check_promise(found, sending.actor)
    email = choose_email(found.debtor, sending.email_id)
    wish = _wish(kind, key, email, sending)
    if _is_new(wish):
        ask_leave(debtor=found.debtor, email=email, actor=sending.actor, at=sending.at)
        payload = _payload(kind, key, email, sending)
        with transaction.atomic():
            publish(TOPIC, agency=found.debtor.agency, payload=payload, key=wish)
    return email


def send_calculation(
    calculation: Calculation, sending: Sending, kind: Kind = Kind.DEBT
) -> EmailAddress:
    """Have a calculation's debt statement, or its memória, sent to its debtor; return where to.

    The calculation is kept, as all that a debtor was told. Raises DomainError as `send_document`.
    """
    if reason := why_wait(_draft(calculation), sending.actor):
        raise DomainError(f"{reason} Tire o desconto ou peça a quem tem alçada que envie.")
    debtor = Debtor.objects.select_related("agency").get(pk=calculation.debt.debtor_id)
    email = choose_email(debtor, sending.email_id)
    wish = _wish(kind, debtor.pk, email, sending)
    if _is_new(wish):
        ask_leave(debtor=debtor, email=email, actor=sending.actor, at=sending.at)
        with transaction.atomic():
            quote = save_quote(calculation, debtor=debtor, actor=sending.actor)
            payload = _payload(kind, quote.pk, email, sending)
            publish(TOPIC, agency=debtor.agency, payload=payload, key=wish)
    return email


def _is_new(wish: str) -> bool:
    return not OutboxEvent.objects.filter(topic=TOPIC, idempotency_key=wish).exists()


def _draft(calculation: Calculation) -> Agreement:
    """Return the agreement that the debtor might take the calculation for."""
    totals = calculation.quote.totals
    return Agreement(
        creditor=calculation.rows[0].contract.creditor,
        updated_debt=totals.updated,
        discount=totals.typed_discount,
    )


def _check_promise(found: Found, actor: User | None) -> None:
    agreement = found.agreement
    reason = found.refusal
    if not reason and found.is_promise and agreement is not None:
        reason = _beyond_authority(agreement, actor)
    if reason:
        raise DomainError(reason)


def _beyond_authority(agreement: Agreement, actor: User | None) -> str:
    """A proposal that the debtor has in hand binds the office: its discount has to be allowed."""
    if agreement.status != AgreementStatus.PROPOSAL:
        return ""
    reason = why_wait(agreement, actor)
    return f"{reason} Peça a quem tem alçada que envie a proposta." if reason else ""


def _payload(kind: Kind, key: int, email: EmailAddress, sending: Sending) -> dict[str, Any]:
    # Keys alone: no personal data waits in the outbox.
    return {
        "kind": kind.value,
        "key": key,
        "email": email.pk,
        "actor": sending.actor.pk if sending.actor else None,
        "on": sending.on.isoformat(),
    }


def _wish(kind: Kind, key: int, email: EmailAddress, sending: Sending) -> str:
    token = sending.token.strip()
    if not 0 < len(token) <= TOKEN_LIMIT:
        raise DomainError("Pedido de envio desconhecido: abra a tela de novo.")
    return f"{kind.value}:{key}:{email.pk}:{token}"
