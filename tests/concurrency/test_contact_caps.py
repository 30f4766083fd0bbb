"""Two people reach for one debtor at the same moment: a cap holds."""

from datetime import UTC, datetime
from threading import Barrier

import pytest
from django_scopes import scope

from cobranca.debtors.models import Address
from cobranca.dunning import facts
from cobranca.dunning.models import ContactAttempt, ContactPolicy
from cobranca.dunning.services import attempt_contact, law
from tests import factories
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
RACES = 6
RIVALS = 3


@pytest.fixture
def people(agency):
    return [factories.make_user(agency, "Cobrador") for _ in range(RIVALS)]


def new_debtor(agency):
    with scope(agency=agency):
        ContactPolicy.objects.get_or_create(
            agency=agency, defaults={"daily_cap": 1, "minutes_between": 0}
        )
        debtor = factories.make_debtor(agency)
        Address.objects.create(
            agency=agency, debtor=debtor, street="Rua A", state="SP", fingerprint="a"
        )
        return debtor


def reaching(debtor, person):
    def reach() -> object:
        with scope(agency=person.agency):
            return attempt_contact(debtor=debtor, channel="call", at=NOW, actor=person)

    return reach


def permitted(debtor) -> int:
    return ContactAttempt._base_manager.filter(debtor=debtor, is_allowed=True).count()


def test_of_people_who_ask_at_once_one_may_call(agency, people):
    for _ in range(RACES):
        debtor = new_debtor(agency)

        race(*(reaching(debtor, person) for person in people))

        assert permitted(debtor) == 1
        refused = ContactAttempt._base_manager.filter(debtor=debtor, is_allowed=False)
        assert {row.rule for row in refused} == {"cap:day"}
        assert refused.count() == RIVALS - 1


def test_without_the_lock_all_may(agency, people, monkeypatch):
    debtor, looked = new_debtor(agency), Barrier(RIVALS)
    real = facts.earlier_contacts

    def look_together(*told):
        found = real(*told)
        looked.wait(timeout=10)
        return found

    monkeypatch.setattr(law, "lock_person", lambda debtor_id: None)
    monkeypatch.setattr("cobranca.dunning.contact_law.earlier_contacts", look_together)

    race(*(reaching(debtor, person) for person in people))

    assert permitted(debtor) == RIVALS
