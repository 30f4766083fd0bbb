"""Two people change a debtor's contact data at once: one delivery that has both, none lost."""

import pytest
from django.db import transaction
from django_scopes import scope

from cobranca.contracts import erp
from cobranca.contracts.services.contact_data import CHANGED
from cobranca.debtors.contacts import PHONE
from cobranca.debtors.models import Phone
from cobranca.debtors.services import add_contact
from cobranca.outbox import services
from cobranca.outbox.models import OutboxEvent
from tests import factories
from tests.concurrency.test_outbox import LATER
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
RACES = 10


class Listening(erp.ErpGateway):
    """An ERP that wants to know."""

    @property
    def can_push_contacts(self) -> bool:
        return True


@pytest.fixture
def contract(agency, creditor, monkeypatch):
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: Listening()])
    with scope(agency=agency):
        return factories.make_contract(creditor, factories.make_debtor(agency))


def adding(contract, actor, number):
    def add() -> object:
        with scope(agency=contract.agency):
            values = {"number": number, "kind": "mobile"}
            return add_contact(debtor_id=contract.debtor_id, kind=PHONE, values=values, actor=actor)

    return add


def deliveries(contract):
    key = f"debtor-{contract.debtor_id}@"
    return OutboxEvent._base_manager.filter(topic=CHANGED, idempotency_key__startswith=key)


def test_two_people_at_once_are_one_delivery(contract, collector):
    race(
        adding(contract, collector, "48999110001"),
        adding(contract, collector, "48999110002"),
    )

    assert deliveries(contract).count() == 1
    assert Phone._base_manager.filter(is_main=True, debtor=contract.debtor_id).count() == 1


def test_a_change_is_in_a_delivery_that_looks_after_it_or_has_its_own(contract, collector):
    """Taken at the very moment of a change, a delivery either waits for it or is not joined."""
    for number in range(RACES):
        deliveries(contract).delete()
        adding(contract, collector, f"4899911{number:04}")()
        waiting = deliveries(contract).get()
        seen: list[int] = []

        def take(event_id: int = waiting.pk, seen: list[int] = seen) -> object:
            with scope(agency=contract.agency):
                taken = services.take(event_id, now=LATER)
                if taken is not None:
                    seen.append(Phone.objects.filter(debtor=contract.debtor_id).count())
                return taken

        race(take, adding(contract, collector, f"4899922{number:04}"))

        total = Phone._base_manager.filter(debtor=contract.debtor_id).count()
        untaken = deliveries(contract).filter(attempts=0).exists()
        assert untaken or seen == [total]


def test_without_the_lock_a_change_goes_with_a_delivery_that_has_looked(contract, collector):
    """The negative control: joining by looking only, while the delivery is being taken."""
    adding(contract, collector, "48999110001")()
    waiting = deliveries(contract).get()

    with transaction.atomic():
        has_one = deliveries(contract).filter(attempts=0).exists()  # nobody is kept from it
        seen = _taken_meanwhile(contract, waiting.pk)

    assert has_one
    assert seen is not None
    assert not deliveries(contract).filter(attempts=0).exists()  # what joined is lost


def _taken_meanwhile(contract, event_id):
    found: list[object] = []

    def take() -> None:
        with scope(agency=contract.agency):
            found.append(services.take(event_id, now=LATER))

    race(take)
    return found[0]
