"""Changes of contact data, announced to the ERPs that want them: once, a while later."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from cobranca.contracts import erp
from cobranca.contracts.models import Contract, Event
from cobranca.creditors.models import Creditor
from cobranca.debtors.contacts import EMAIL, PHONE
from cobranca.debtors.models import Debtor, Phone
from cobranca.debtors.services import add_contact, change_contact, set_contact_active
from cobranca.outbox import delivery
from cobranca.outbox.models import OutboxEvent
from tests import factories

pytestmark = pytest.mark.usefixtures("in_scope")
TOPIC = "debtor.contacts_changed"


class Listening(erp.ErpGateway):
    """An ERP that wants to know, and answers as a test says."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.answers: list[Exception | list[str]] = []
        self.wants = True

    @property
    def can_push_contacts(self) -> bool:
        return self.wants

    def push_contacts(self, debtor: Debtor) -> Sequence[str]:
        self.told.append(debtor.name)
        answer = self.answers.pop(0) if self.answers else ["Telefones enviados."]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def listening(creditor, contract, monkeypatch) -> Listening:
    gateway = Listening()
    kinds = {creditor.creditor_type}

    def resolver(asked: Creditor) -> erp.ErpGateway | None:
        return gateway if asked.creditor_type in kinds else None

    monkeypatch.setattr(erp, "_resolvers", [resolver])
    return gateway


@pytest.fixture
def contract(creditor, debtor) -> Contract:
    return factories.make_contract(creditor, debtor)


def add(debtor, actor, number="48999112233"):
    values = {"number": number, "kind": "mobile"}
    return add_contact(debtor_id=debtor.pk, kind=PHONE, values=values, actor=actor)


def pending():
    return OutboxEvent.objects.filter(topic=TOPIC)


def after(**time):
    return delivery.deliver_due(clock=lambda: timezone.now() + timedelta(**time))


def test_an_erp_is_told_half_an_hour_after_a_change(debtor, collector, listening):
    add(debtor, collector)

    assert (after(minutes=29), listening.told) == (0, [])
    assert (after(minutes=31), listening.told) == (1, [debtor.name])

    event = Event.objects.get(title="Atualização cadastral enviada ao ERP")
    assert (event.kind, event.text, event.actor) == ("contact_data", "Telefones enviados.", None)
    assert pending().get().payload == {"debtor": debtor.pk}


def test_changes_in_that_time_go_together_and_later_ones_apart(debtor, collector, listening):
    phone = add(debtor, collector)
    change_contact(contact=phone, values={"note": "esposa"}, actor=collector)
    set_contact_active(contact=phone, active=False, actor=collector)
    assert pending().count() == 1

    after(minutes=31)
    set_contact_active(contact=phone, active=True, actor=collector)

    assert pending().count() == 2
    after(minutes=31)
    assert len(listening.told) == 2


def test_a_change_while_an_earlier_one_is_tried_again_has_its_own_delivery(
    debtor, collector, listening
):
    """What was taken may have looked already."""
    listening.answers = [erp.ErpUnreachableError("Fora do ar.")]
    add(debtor, collector)
    after(minutes=31)

    add(debtor, collector, "4833330000")

    assert pending().count() == 2


def test_two_debtors_are_two_deliveries(debtor, contract, collector, listening, in_scope):
    other = factories.make_debtor(in_scope)
    factories.make_contract(contract.creditor, other)

    add(debtor, collector)
    add(other, collector)

    assert pending().count() == 2


def test_nobody_is_told_who_does_not_want_to_know(debtor, collector, listening, in_scope):
    listening.wants = False
    add(debtor, collector)
    assert not pending().exists()

    listening.wants = True
    alone = factories.make_debtor(in_scope)
    add(alone, collector)
    values = {"email": "maria@example.com"}
    add_contact(debtor_id=debtor.pk, kind=EMAIL, values=values, actor=collector)
    assert not pending().exists()


def test_two_creditors_of_one_erp_are_told_once(debtor, contract, collector, listening):
    kind = contract.creditor.creditor_type
    twin = factories.make_creditor(debtor.agency, creditor_type=kind, external_code="2")
    factories.make_contract(twin, debtor)
    add(debtor, collector)

    after(minutes=31)

    assert listening.told == [debtor.name]


def test_nothing_to_tell_leaves_no_event(debtor, collector, listening):
    listening.answers = [[]]
    add(debtor, collector)

    assert after(minutes=31) == 1

    assert not Event.objects.filter(title__contains="ERP").exists()


def test_a_refusal_is_parked_at_once_with_the_erps_words(debtor, collector, listening):
    listening.answers = [erp.ErpRefusalError("DDD não atende.")]
    add(debtor, collector)

    after(minutes=31)

    event = pending().get()
    assert (event.status, event.error) == ("parked", "DDD não atende.")
    told = Event.objects.get(title="Atualização cadastral recusada pelo ERP")
    assert told.text == "DDD não atende."


def test_an_erp_that_said_when_is_not_asked_before(debtor, collector, listening):
    listening.answers = [erp.ErpUnreachableError("Cota esgotada.", retry_after=36_000)]
    add(debtor, collector)

    after(minutes=31)

    event = pending().get()
    assert event.status == "pending"
    assert event.due_at > timezone.now() + timedelta(hours=10)


def test_a_lost_answer_that_had_arrived_is_said_in_the_end(debtor, collector, listening):
    listening.answers = [erp.ErpUnconfirmedError("Não confirmou."), []]
    add(debtor, collector)

    after(minutes=31)
    after(minutes=40)

    told = Event.objects.get(title="Atualização cadastral enviada ao ERP")
    assert "já tem" in told.text


def test_a_change_here_is_not_what_the_erp_has(debtor, collector, in_scope):
    """`external_id` says that the ERP has it as it stands."""
    phone = Phone.objects.create(
        agency=in_scope, debtor=debtor, number="4833330000", source="erp", external_id="10"
    )

    set_contact_active(contact=phone, active=False, actor=collector)

    phone.refresh_from_db()
    assert (phone.source, phone.external_id) == ("user", "")
