"""Documents that leave by e-mail: to whom, once, and written on the timeline."""

from datetime import UTC, date, datetime
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from cobranca.agreements.documents import (
    Kind,
    Sending,
    handlers,
    send_calculation,
    send_document,
)
from cobranca.agreements.services import approve_agreement, cancel_agreement
from cobranca.audit.models import AuditEntry
from cobranca.campaigns.models import Quote
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.models import Event
from cobranca.debtors.models import EmailAddress
from cobranca.outbox import delivery
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.registry import Delivery
from tests import factories
from tests.cobranca.agreements.making import TODAY, agree, pay, price

# Far enough ahead for rows whose due time the database's own clock wrote.
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 15, tzinfo=UTC)
LATER = datetime(2099, 1, 5, 12, tzinfo=UTC)


def make_email(debtor, email, **fields):
    return EmailAddress.objects.create(agency=debtor.agency, debtor=debtor, email=email, **fields)


@pytest.fixture
def debtor(in_scope, agency):
    debtor = factories.make_debtor(agency, name="Ana Souza")
    make_email(debtor, "antigo@example.com", is_active=False, is_main=True)
    make_email(debtor, "ana@example.com")
    make_email(debtor, "ana.trabalho@example.com", is_main=True)
    return debtor


@pytest.fixture
def agreement(contract, supervisor):
    return agree(contract, supervisor)


def wish(actor, token="t1", **fields):
    return Sending(actor=actor, on=TODAY, at=NOW, token=token, **fields)


def deliver():
    return delivery.deliver_due(clock=lambda: LATER)


def notices():
    return list(Event.objects.filter(title=handlers.TITLE).order_by("pk"))


def test_a_term_arrives_as_an_attachment_and_is_on_the_timeline(agreement, collector, contract):
    send_document(Kind.TERM, agreement.pk, wish(collector))
    assert mail.outbox == []

    assert deliver() == 1

    (message,) = mail.outbox
    ((name, body, kind),) = message.attachments
    assert message.to == ["ana.trabalho@example.com"]
    assert message.subject == f"Termo de acordo nº {agreement.number} - Assessoria Aurora"
    assert message.from_email.startswith("Assessoria Aurora <")
    assert (name, kind) == (f"termo-acordo-{agreement.number}.pdf", "application/pdf")
    assert body.startswith(b"%PDF-")
    (event,) = notices()
    assert event.text.startswith(f"Termo de acordo nº {agreement.number}\nPara: ana.trabalho@")
    assert (event.actor, event.contract) == (collector, contract)
    protocol = event.text.rpartition(" ")[2]
    assert f"protocolo {protocol}" in message.body
    assert message.extra_headers["Message-ID"].startswith(f"<{protocol.lower()}.")
    assert AuditEntry.objects.filter(action="document.sent").count() == 1


def test_the_chosen_email_is_written_to(agreement, collector):
    chosen = EmailAddress.objects.get(email="ana@example.com")

    assert send_document(Kind.STATEMENT, agreement.pk, wish(collector, email_id=chosen.pk))
    deliver()

    assert mail.outbox[0].to == ["ana@example.com"]
    assert mail.outbox[0].attachments[0][0].startswith("memoria-16-03-2026-")


def test_nothing_personal_waits_in_the_outbox(agreement, collector):
    send_document(Kind.TERM, agreement.pk, wish(collector))

    event = OutboxEvent.objects.get()
    assert "@" not in f"{event.payload} {event.idempotency_key}"
    assert "Ana" not in str(event.payload)


def test_the_same_wish_is_granted_once_another_again(agreement, collector):
    for token in ("t1", "t1", "t2"):
        send_document(Kind.TERM, agreement.pk, wish(collector, token))
        deliver()

    assert len(mail.outbox) == len(notices()) == 2


def test_a_repeated_delivery_sends_nothing_more(agreement, collector):
    send_document(Kind.TERM, agreement.pk, wish(collector))
    deliver()
    event = OutboxEvent.objects.get()

    again = Delivery(event.topic, event.agency, event.idempotency_key, event.payload)
    handlers.send_by_email(again)

    assert len(mail.outbox) == len(notices()) == 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (SMTPRecipientsRefused({}), "recusou o endereço"),
        (OSError("down"), "Falha na entrega (OSError)"),
    ],
)
def test_what_did_not_leave_is_not_on_the_timeline_and_is_tried_again(
    agreement, collector, monkeypatch, failure, words
):
    send_document(Kind.TERM, agreement.pk, wish(collector))

    def fail(message, *args, **kwargs):
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", fail)
        assert deliver() == 0
    assert words in OutboxEvent.objects.get().error
    assert notices() == []

    OutboxEvent.objects.update(due_at=LATER)
    assert deliver() == 1
    assert len(mail.outbox) == len(notices()) == 1


def test_an_email_inactivated_meanwhile_is_not_written_to(agreement, collector):
    email = send_document(Kind.TERM, agreement.pk, wish(collector))
    EmailAddress.objects.filter(pk=email.pk).update(is_active=False)

    assert deliver() == 0

    assert mail.outbox == []
    assert "e-mails ativos" in OutboxEvent.objects.get().error


@pytest.mark.parametrize("known", [True, False])
def test_without_an_email_of_the_debtors_it_is_refused_at_its_field(
    agreement, collector, agency, known
):
    other = make_email(factories.make_debtor(agency), "outra@example.com")
    if not known:
        EmailAddress.objects.filter(debtor=agreement.debtor).update(is_active=False)

    with pytest.raises(DomainError) as refused:
        send_document(Kind.TERM, agreement.pk, wish(collector, email_id=other.pk))

    assert refused.value.field == "email"
    assert ("Escolha um dos" if known else "não tem e-mail ativo") in refused.value.message
    assert not OutboxEvent.objects.exists()


def test_a_term_that_nobody_approved_stays_here(contract, collector, supervisor):
    waiting = agree(contract, collector, discount="40")
    with pytest.raises(DomainError, match="ainda não foi aprovado"):
        send_document(Kind.TERM, waiting.pk, wish(collector))

    approve_agreement(agreement_id=waiting.pk, actor=supervisor, on=TODAY)
    send_document(Kind.TERM, waiting.pk, wish(collector))
    deliver()

    assert len(mail.outbox) == 1


def test_a_proposal_beyond_somebodys_authority_is_sent_by_another(contract, collector, supervisor):
    proposal = agree(contract, collector, mode="proposal", discount="40")
    with pytest.raises(DomainError, match="acima da alçada de 10%"):
        send_document(Kind.TERM, proposal.pk, wish(collector))

    send_document(Kind.TERM, proposal.pk, wish(supervisor))
    deliver()

    assert mail.outbox[0].subject.startswith("Proposta de acordo nº")


def test_what_was_cancelled_on_the_way_does_not_leave(agreement, collector):
    send_document(Kind.TERM, agreement.pk, wish(collector))
    cancel_agreement(agreement_id=agreement.pk, actor=collector, on=TODAY, reason="erro")

    assert deliver() == 0

    assert mail.outbox == []
    assert "cancelado" in OutboxEvent.objects.get().error


def test_a_receipt_is_sent(contract, agreement, collector):
    (payment,) = pay(agreement, collector)

    send_document(Kind.RECEIPT, payment.pk, wish(collector))
    deliver()

    assert mail.outbox[0].subject.startswith(f"Recibo nº {agreement.number}/1")


def test_a_debt_statement_is_sent_and_its_calculation_kept_once(contract, collector):
    made = price(contract)

    for _ in range(2):
        send_calculation(made, wish(collector))
    contract.installments.update(balance="1.00")
    deliver()

    assert Quote.objects.get().total == made.quote.totals.total
    ((name, _, _),) = mail.outbox[0].attachments
    assert name == "demonstrativo-2026-03-16.pdf"
    (event,) = notices()
    assert event.contract == contract


def test_a_debt_statement_offers_no_discount_beyond_somebodys_authority(
    contract, collector, supervisor
):
    made = price(contract, discount="40")
    with pytest.raises(DomainError, match="acima da alçada de 10%"):
        send_calculation(made, wish(collector))

    send_calculation(made, wish(supervisor))

    assert OutboxEvent.objects.count() == 1


def test_a_wish_without_a_token_is_no_wish(agreement, collector):
    for token in (" ", "x" * 37):
        with pytest.raises(DomainError, match="abra a tela de novo"):
            send_document(Kind.TERM, agreement.pk, wish(collector, token))


def test_another_agencys_documents_do_not_exist(agreement, collector):
    with pytest.raises(NotFoundError):
        send_document(Kind.TERM, agreement.pk + 1, wish(collector))


def test_a_name_of_several_lines_makes_no_header(agreement, collector, agency):
    agency.name = "Aurora\r\nBcc: x@example.com"
    agency.save()

    send_document(Kind.TERM, agreement.pk, wish(collector))
    deliver()

    (message,) = mail.outbox
    assert message.recipients() == ["ana.trabalho@example.com"]
    assert "\n" not in message.subject
    assert message.message()["Bcc"] is None


def test_the_day_of_issue_is_the_day_of_the_wish(agreement, collector):
    on = date(2026, 3, 20)
    send_document(Kind.TERM, agreement.pk, Sending(actor=collector, on=on, at=NOW, token="t"))

    assert OutboxEvent.objects.get().payload["on"] == "2026-03-20"


def test_the_memoria_of_a_calculation_is_sent(contract, collector):
    made = price(contract)

    send_calculation(made, wish(collector), Kind.CALCULATION)
    deliver()

    (message,) = mail.outbox
    ((name, body, _),) = message.attachments
    assert name.startswith("memoria-")
    assert body.startswith(b"%PDF-")
