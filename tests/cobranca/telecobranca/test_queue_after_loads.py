"""Ranking after loads: the bell that imports ring, and new contracts that follow their debtor."""

import pytest
from celery import current_app
from django_scopes import scope

from cobranca.common import clock
from cobranca.telecobranca import tasks
from cobranca.telecobranca.models import ContractAssignment, QueueEntry, QueueState
from cobranca.telecobranca.services import queue
from integrations.core.runs.execution import RANK_QUEUE
from tests.cobranca.telecobranca.queueing import make_queue
from tests.cobranca.telecobranca.teaming import NOW, TODAY, hands, make_team, owe_more, owing

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(agency, creditor):
    """Return a debtor whose contract a team works, and a contract that came since."""
    with scope(agency=agency):
        make_queue(agency)
        debtor = owing(creditor, ["500"])
        ContractAssignment.objects.create(
            agency=agency,
            contract=debtor.contracts.get(),
            team=make_team(agency),
            assigned_at=NOW,
        )
        return debtor, owe_more(creditor, debtor, "300")


def test_a_new_contract_follows_its_debtor_when_the_queue_is_ranked(in_scope, agency, worked):
    debtor, new = worked
    team = ContractAssignment.objects.get().team

    for _ in range(2):
        queue.refresh_queue(agency.pk, TODAY, NOW)

    assert hands() == {contract.pk: (team.pk, None) for contract in debtor.contracts.all()}
    assert ContractAssignment.objects.get(contract=new).assigned_at == NOW
    assert QueueEntry.objects.get().pool == team.pk


def test_the_bell_that_imports_ring_is_heard(agency, worked):
    debtor, new = worked
    assert RANK_QUEUE == tasks.AFTER_LOADS

    assert current_app.tasks[RANK_QUEUE](agency.pk) == 1

    with scope(agency=agency):
        assert QueueEntry.objects.get().debtor == debtor
        assert ContractAssignment.objects.filter(contract=new).exists()
        assert QueueState.objects.get().ranked_on == clock.today()


def test_an_agency_that_is_switched_off_or_gone_is_not_ranked(agency, worked):
    agency.is_active = False
    agency.save()

    assert tasks.rank_queue(agency.pk) == tasks.rank_queue(agency.pk + 10**6) == 0
    assert not QueueState._base_manager.exists()
