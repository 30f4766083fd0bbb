"""TEL-07 for the e-mails that people send: each asks the law, and what it said is kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cobranca.agreements.models import Agreement
from cobranca.contracts import erp
from cobranca.contracts.models import Event, EventKind
from cobranca.debtors.blocks import BlockWanted, add_block
from cobranca.debtors.models import BlockScope, BlockSource, EmailAddress
from cobranca.dunning.models import ContactAttempt, ContactPolicy
from cobranca.dunning.services import attempt_contact
from cobranca.outbox.models import OutboxEvent
from tests import factories
from tests.api import errors
from tests.cobranca.agreements.making import TODAY, agree, make_book, make_plain_campaign, pay
from tests.cobranca.agreements.test_document_sending import deliver
from tests.cobranca.contracts.asking import Oracle, line_of

pytestmark = pytest.mark.usefixtures("in_scope")
NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
OF_ERP = ("boleto", "extrato", "saldo")
OF_AGREEMENT = ("term", "statement", "receipt")
OF_CALCULATION = ("debt", "calculation")
KINDS = (*OF_ERP, *OF_AGREEMENT, *OF_CALCULATION)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def contract(creditor, debtor):
    make_plain_campaign(creditor)
    contract = factories.make_contract(creditor, debtor, external_debtor="3431")
    make_book(contract, ["1000.00", "1000.00", "1000.00"])
    return contract


@pytest.fixture
def email(debtor):
    return EmailAddress.objects.create(
        agency=debtor.agency, debtor=debtor, email="ana@example.com", is_main=True
    )


class Desk:
    """Somebody who sends each kind of paper, by the screens or over REST."""

    def __init__(self, way: str, client: Any, contract: Any, actor: Any) -> None:
        self.way, self.client, self.contract, self.actor = way, client, contract, actor
        self.oracle = Oracle()

    def send(self, kind: str, token: str = "t1", **headers: str) -> Any:
        """Send a paper; what it is about is made first."""
        if kind in OF_ERP:
            return self._erp(kind)
        if kind in OF_AGREEMENT:
            return self._agreement(kind, token, headers)
        return self._calculation(kind, token, headers)

    def is_refused(self, answer: Any, reason: str) -> bool:
        """Tell whether an answer says so at the field of the e-mail."""
        if self.way == "rest":
            return errors(answer) == {"email": [reason]}
        shown = answer.context["form"].errors == {"email": [reason]}
        return shown and answer.context.get("sent") is None and reason in answer.content.decode()

    def sent(self) -> int:
        """Return how many papers left, or wait to leave."""
        waiting = OutboxEvent.objects.filter(topic="document.requested").count()
        return len(self.oracle.mails) + waiting

    def _erp(self, kind: str) -> Any:
        row = self.contract.installments.get(number=1)
        type(row).objects.filter(pk=row.pk).update(has_boleto=True)
        self.oracle.line = line_of(row.due_date)
        if self.way == "rest":
            path = {
                "boleto": f"installments/{row.pk}/second-copy/mail",
                "extrato": f"contracts/{self.contract.pk}/statement",
                "saldo": f"contracts/{self.contract.pk}/debit-balance",
            }[kind]
            return self.client.post(f"/api/v1/{path}/")
        name, about = (
            ("mail_second_copy", row) if kind == "boleto" else ("mail_paper", self.contract)
        )
        return self.client.post(reverse(f"telecobranca:{name}", args=[about.pk]), {"paper": kind})

    def _agreement(self, kind: str, token: str, headers: dict[str, str]) -> Any:
        made = Agreement.objects.first() or agree(self.contract, self.actor)
        payment = made.payments.first()
        if kind == "receipt" and payment is None:
            payment = pay(made, self.actor, "100.00")
        if self.way == "rest":
            path = f"/api/v1/agreements/{made.pk}/mail/"
            return self.client.post(path, {"document": kind}, headers=headers)
        key = made.payments.first().pk if kind == "receipt" else made.pk
        told = {"document_choice": f"{kind}-{key}", "token": token}
        return self.client.post(
            reverse("telecobranca:send_agreement_document", args=[made.pk]), told
        )

    def _calculation(self, kind: str, token: str, headers: dict[str, str]) -> Any:
        debtor = self.contract.debtor_id
        if self.way == "rest":
            told = {"debtor": debtor, "document": kind}
            return self.client.post("/api/v1/calculation-mails/", told, headers=headers)
        query = f"?on={TODAY}&plan=cash"
        query += "&documento=memoria" if kind == "calculation" else ""
        page = reverse("telecobranca:send_debt_statement", args=[debtor]) + query
        return self.client.post(page, {"token": token})


@pytest.fixture
def desk_by(client_for, api_for, collector, contract, monkeypatch) -> Callable[[str], Desk]:
    def by(way: str) -> Desk:
        client = client_for(collector) if way == "screen" else api_for(collector)
        desk = Desk(way, client, contract, collector)
        monkeypatch.setattr(erp, "_resolvers", [lambda creditor: desk.oracle])
        return desk

    return by


def block(debtor, actor, scope=BlockScope.EMAIL, on: date = TODAY):
    wanted = BlockWanted(scope=scope, source=BlockSource.DEBTOR)
    return add_block(debtor_id=debtor.pk, wanted=wanted, actor=actor, on=on)


def notices():
    return Event.objects.filter(kind=EventKind.NOTICE, title__icontains="enviad")


@pytest.mark.parametrize("way", ["screen", "rest"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_mailed_to_who_does_not_want_it(
    desk_by, debtor, email, collector, supervisor, way, kind
):
    block(debtor, supervisor)
    desk = desk_by(way)

    answer = desk.send(kind)

    attempt = ContactAttempt.objects.get()
    assert (attempt.is_allowed, attempt.channel, attempt.rule) == (False, "email", "block:email")
    assert (attempt.email, attempt.actor, attempt.at) == (email, collector, NOW)
    assert "Bloqueio" in attempt.reason
    assert desk.is_refused(answer, attempt.reason)
    assert (desk.sent(), notices().count()) == (0, 0)


@pytest.mark.parametrize("way", ["screen", "rest"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_mailed_is_kept_as_a_contact(desk_by, email, collector, way, kind):
    desk = desk_by(way)

    answer = desk.send(kind)

    assert answer.status_code < 400, answer.content
    assert desk.sent() == 1
    attempt = ContactAttempt.objects.get()
    assert (attempt.is_allowed, attempt.channel) == (True, "email")
    assert (attempt.email, attempt.actor, attempt.at) == (email, collector, NOW)


@pytest.mark.parametrize("kind", ["boleto", "term", "debt"])
def test_a_cap_stops_mail_too(desk_by, agency, debtor, email, collector, kind):
    ContactPolicy.objects.update_or_create(agency=agency, defaults={"daily_cap": 1})
    attempt_contact(debtor=debtor, channel="email", at=NOW - timedelta(hours=3), actor=collector)
    desk = desk_by("rest")

    answer = desk.send(kind)

    refused = ContactAttempt.objects.get(is_allowed=False)
    assert refused.rule == "cap:day"
    assert desk.is_refused(answer, refused.reason)
    assert desk.sent() == 0


def test_a_block_of_calls_lets_mail_through(desk_by, debtor, email, supervisor):
    block(debtor, supervisor, BlockScope.PHONE)
    desk = desk_by("screen")

    desk.send("boleto")

    assert desk.sent() == 1


@pytest.mark.parametrize("kind", ["term", "debt"])
def test_a_second_press_of_the_button_is_no_second_contact(desk_by, email, kind):
    desk = desk_by("screen")

    for _ in range(2):
        desk.send(kind)

    assert (desk.sent(), ContactAttempt.objects.count()) == (1, 1)


@pytest.mark.parametrize("kind", ["term", "debt"])
def test_a_refusal_survives_a_call_that_may_be_repeated(desk_by, debtor, email, supervisor, kind):
    blocked = block(debtor, supervisor)
    desk = desk_by("rest")

    answer = desk.send(kind, **{"Idempotency-Key": "uma-vez"})

    attempt = ContactAttempt.objects.get()
    assert desk.is_refused(answer, attempt.reason)
    # Nothing was done, so the same call may succeed once the block is lifted.
    type(blocked).objects.filter(pk=blocked.pk).update(lifted_at=NOW)
    for _ in range(2):
        assert desk.send(kind, **{"Idempotency-Key": "uma-vez"}).status_code == 202
    assert (desk.sent(), ContactAttempt.objects.filter(is_allowed=True).count()) == (1, 1)


def test_what_could_not_be_sent_anyway_is_no_attempt(desk_by, contract):
    desk = desk_by("rest")

    for kind in ("boleto", "debt"):
        assert list(errors(desk.send(kind))) == ["email"]  # there is no e-mail at all

    assert not ContactAttempt.objects.exists()


def test_what_was_allowed_when_asked_needs_no_leave_when_it_leaves(
    desk_by, email, debtor, mailoutbox
):

    desk_by("screen").send("term")

    assert deliver() == 1
    assert len(mailoutbox) == 1
    assert ContactAttempt.objects.count() == 1
