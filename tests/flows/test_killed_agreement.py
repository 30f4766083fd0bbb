"""SIE-21: killed at any point of writing an agreement, it is afterwards whole or undone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_scopes import scope

from cobranca.agreements.models import Agreement
from cobranca.agreements.services import cancel_agreement
from cobranca.agreements.states import Mode
from cobranca.agreements.tasks_erp import send_waiting
from cobranca.contracts.models import Negotiation
from integrations.core.models import ErpOperation
from integrations.core.tasks_operations import undo_unwanted
from tests.flows import crashing
from tests.flows.agreeing import (
    PARTS,
    agree,
    at_the_desk,
    bill_of,
    deliver,
    late_contract,
    make_campaign,
    make_supervisor,
    our_book,
    their_book,
)
from tests.flows.crashing import POINTS
from tests.flows.office import make_erp, make_office
from tests.flows.processes import database_url, wait_until
from tests.flows.warm import begin

KILLED = -9


@pytest.fixture(scope="module")
def office(transactional_db):
    """One office for all deaths: each happens to a contract of its own."""
    erp = make_erp(seed=5, contracts=60)
    made = make_office(erp)
    with scope(agency=made.agency):
        made.load(full=True)
        make_campaign(made)
        yield made
    erp.stop()


@pytest.fixture
def actor(office):
    return make_supervisor(office)


@pytest.fixture
def proposal(office, actor):
    with at_the_desk(office):
        return agree(office, late_contract(office), actor, mode=Mode.PROPOSAL)


class Desk:
    """The process that writes the agreement, and dies at it."""

    def __init__(self, office, agreement, point):
        self._process = begin(
            crashing.write, office.agency.pk, agreement.pk, point, database_url=database_url()
        )

    def wait(self):
        self._process.join(timeout=120)
        assert self._process.exitcode == KILLED

    def kill(self):
        self._process.kill()
        self.wait()


def die(office, agreement, point):
    """Have the desk die at a point; "post" and "delete" are inside the request, once the ERP
    did it."""
    if point not in ("post", "delete"):
        Desk(office, agreement, point).wait()
        return
    office.erp.fault("hang", "remade-installments", method=point.upper(), count=1, seconds=60)
    desk = Desk(office, agreement, "nowhere")
    contract = agreement.items.all()[0].contract
    wait_until(lambda: bool(bill_of(office, contract)["remakings"]) == (point == "post"))
    desk.kill()
    office.erp.heal()


def later():
    """What runs by itself does, some minutes later."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        send_waiting()
        deliver()
        undo_unwanted()


def states(agreement):
    contract = agreement.items.all()[0].contract
    return {row.status for row in contract.installments.all()}


@pytest.mark.parametrize("point", [*POINTS, "post"])
def test_killed_and_gone_on_with_it_is_whole(office, proposal, point):
    contract = proposal.items.all()[0].contract

    die(office, proposal, point)
    later()
    later()

    agreement = Agreement.objects.get(pk=proposal.pk)
    (remade,) = bill_of(office, contract)["remakings"]
    assert (agreement.status, agreement.waits_for) == ("active", "")
    assert len(remade["generated"]) == PARTS
    assert [parcel.erp_number for parcel in agreement.parcels.all()] == remade["generated"]
    assert our_book(contract) == their_book(office, contract)
    assert ErpOperation.objects.get(key=f"agreement-{agreement.pk}").step == "done"
    assert Negotiation.objects.filter(contract=contract, is_agreement=True).count() == 1


@pytest.mark.parametrize("point", [*POINTS, "post"])
def test_killed_and_called_off_it_is_undone(office, proposal, actor, point):
    contract = proposal.items.all()[0].contract
    before = our_book(contract)
    die(office, proposal, point)

    cancel_agreement(
        agreement_id=proposal.pk, actor=actor, on=office.day, reason="O devedor desistiu"
    )
    later()
    later()

    assert Agreement.objects.get(pk=proposal.pk).status == "cancelled"
    assert bill_of(office, contract)["remakings"] == []
    assert our_book(contract) == their_book(office, contract) == before
    assert "negotiated" not in states(proposal)
    left = ErpOperation.objects.filter(key=f"agreement-{proposal.pk}")
    assert all(each.step == "undone" for each in left)


@pytest.mark.parametrize("point", ["undoing", "delete", "undone"])
def test_killed_while_it_is_undone_it_is_undone(office, proposal, actor, point):
    contract = proposal.items.all()[0].contract
    before = our_book(contract)
    die(office, proposal, "confirmed")
    cancel_agreement(agreement_id=proposal.pk, actor=actor, on=office.day, reason="Desistiu")

    die(office, proposal, point)
    later()

    assert bill_of(office, contract)["remakings"] == []
    assert our_book(contract) == their_book(office, contract) == before
