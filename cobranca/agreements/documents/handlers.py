"""Delivering documents: drawn, sent as an attachment, written on the timeline."""

import hashlib
from datetime import date
from email.utils import formataddr, parseaddr
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from cobranca.accounts.models import User
from cobranca.agreements.documents.found import Found, find
from cobranca.agreements.documents.paper import Document
from cobranca.agreements.documents.sending import TOPIC
from cobranca.audit.services import log_action
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event, EventKind
from cobranca.contracts.services import record_event
from cobranca.debtors.emails import choose_email
from cobranca.debtors.models import Debtor, EmailAddress
from cobranca.outbox.registry import Delivery, handles

TITLE = "Documento enviado por e-mail"
ACTION = "document.sent"


@handles(TOPIC)
def send_by_email(delivery: Delivery) -> None:
    """Send a document to a debtor's e-mail and put it on the timeline.

    Payload: kind, key, email, actor (ids), on. Safe to repeat: what is on the timeline was sent;
    between sending and writing it a crash sends it again, under the same Message-ID, which
    mailboxes show once. Outside of any transaction until the server took the message.
    """
    payload = delivery.payload
    found = find(payload["kind"], payload["key"])
    protocol = protocol_of(delivery)
    if was_sent(found.debtor, protocol):
        return
    if found.refusal:
        raise DomainError(found.refusal)
    # Again, for it may have been inactivated since.
    email = choose_email(found.debtor, payload["email"])
    document = found.make(date.fromisoformat(payload["on"]))
    _send(_message(document, found.debtor, email, protocol))
    _record(found, document, email, protocol, payload["actor"])


def protocol_of(delivery: Delivery) -> str:
    """Return what people call this sending: short, the same at every try."""
    told = f"{delivery.agency.pk}:{delivery.topic}:{delivery.key}"
    return hashlib.sha256(told.encode()).hexdigest()[:12].upper()


def was_sent(debtor: Debtor, protocol: str) -> bool:
    """Tell whether the timeline says that it was sent."""
    sent = Event.objects.filter(debtor=debtor, kind=EventKind.NOTICE, title=TITLE)
    return sent.filter(text__endswith=_signed(protocol)).exists()


def _signed(protocol: str) -> str:
    return f"Protocolo {protocol}"


def _message(
    document: Document, debtor: Debtor, email: EmailAddress, protocol: str
) -> EmailMessage:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    # One line, whatever names are in it: a header takes no other.
    agency = " ".join(debtor.agency.name.split())
    context = {"document": document, "debtor": debtor, "agency": debtor.agency}
    message = EmailMessage(
        subject=f"{document.title} - {agency}",
        body=render_to_string("emails/document.txt", context | {"protocol": protocol}),
        from_email=formataddr((agency, sender)),
        to=[email.email],
        headers={"Message-ID": f"<{protocol.lower()}.documento@{sender.rpartition('@')[2]}>"},
    )
    message.attach(f"{document.name}.pdf", document.pdf(), "application/pdf")
    return message


def _send(message: EmailMessage) -> None:
    try:
        taken = message.send()
    except SMTPRecipientsRefused as error:
        raise DomainError("O servidor de e-mail recusou o endereço do devedor.") from error
    if not taken:
        raise DomainError("O servidor de e-mail não aceitou a mensagem.")


@transaction.atomic
def _record(
    found: Found, document: Document, email: EmailAddress, protocol: str, actor_id: int | None
) -> None:
    actor = User.objects.filter(pk=actor_id).first() if actor_id else None
    record_event(
        EventKind.NOTICE,
        debtor=found.debtor,
        contract=found.contract,
        title=TITLE,
        text=f"{document.title}\nPara: {email.email}\n{_signed(protocol)}",
        actor=actor,
    )
    changes = {"documento": ["Vazio", document.title], "protocolo": ["Vazio", protocol]}
    log_action(ACTION, found.about, actor, agency=found.debtor.agency, changes=changes)
