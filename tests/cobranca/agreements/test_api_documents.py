"""Documents by e-mail over REST: what the screen sends, with the same refusals."""

import pytest
import time_machine
from django.core import mail

from cobranca.debtors.models import EmailAddress
from cobranca.outbox.models import OutboxEvent
from tests.api import errors, refusal
from tests.cobranca.agreements.making import TODAY, agree, pay
from tests.cobranca.agreements.test_document_sending import deliver

MAILS = "/api/v1/calculation-mails/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00Z", tick=False):
        yield


@pytest.fixture
def api(api_for, collector):
    return api_for(collector)


@pytest.fixture
def email(debtor):
    return EmailAddress.objects.create(
        agency=debtor.agency, debtor=debtor, email="ana@example.com", is_main=True
    )


def names():
    return [message.attachments[0][0] for message in mail.outbox]


@pytest.mark.parametrize(
    ("document", "name"), [("calculation", "memoria-"), ("debt", "demonstrativo-")]
)
def test_a_calculations_document_goes_to_the_debtor(api, contract, email, document, name):
    answer = api.post(MAILS, {"debtor": contract.debtor_id, "document": document})
    deliver()

    assert (answer.status_code, answer.json()) == (202, {"email": "ana@example.com"})
    assert names()[0].startswith(name)


def test_without_a_kind_it_is_the_memoria(api, contract, email):
    api.post(MAILS, {"debtor": contract.debtor_id})
    deliver()

    assert names()[0].startswith("memoria-")


def test_a_repeated_call_sends_once(api, contract, email):
    told = [
        api.post(MAILS, {"debtor": contract.debtor_id}, HTTP_IDEMPOTENCY_KEY="uma-vez")
        for _ in range(2)
    ]

    assert [answer.status_code for answer in told] == [202, 202]
    assert OutboxEvent.objects.filter(topic="document.requested").count() == 1


def test_there_is_nowhere_to_send_it(api, contract):
    assert list(errors(api.post(MAILS, {"debtor": contract.debtor_id}))) == ["email"]


def test_an_email_of_somebody_else_is_refused(api, contract, email):
    answer = api.post(MAILS, {"debtor": contract.debtor_id, "email": email.pk + 1})

    assert answer.status_code in (400, 404)
    assert not OutboxEvent.objects.filter(topic="document.requested").exists()


def test_an_agreements_documents_go_to_the_debtor(api, contract, email, collector):
    agreement = agree(contract, collector)
    pay(agreement, collector, "100.00")
    for document in ("term", "statement", "receipt"):
        answer = api.post(f"/api/v1/agreements/{agreement.pk}/mail/", {"document": document})
        assert answer.status_code == 202, answer.content
    deliver()

    assert sorted(name.partition("-")[0] for name in names()) == ["memoria", "recibo", "termo"]


def test_a_receipt_is_of_a_payment_of_the_agreement(api, contract, email, collector):
    agreement = agree(contract, collector)

    body = {"document": "receipt", "payment": 999_999}
    answer = api.post(f"/api/v1/agreements/{agreement.pk}/mail/", body)

    assert list(errors(answer)) == ["payment"]


def test_nobody_sends_for_another_agency(api_for, stranger, contract, email):
    answer = api_for(stranger).post(MAILS, {"debtor": contract.debtor_id})

    assert list(errors(answer)) == ["debtor"]


def test_who_may_not_send_is_refused(api_for, auditor, contract, email):
    refusal(api_for(auditor).post(MAILS, {"debtor": contract.debtor_id}), 403)
