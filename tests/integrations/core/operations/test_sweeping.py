"""Which writes the sweeper takes out of the ERP, and which it leaves alone."""

import pytest

from cobranca.agreements.models import Agreement
from cobranca.agreements.states import AgreementStatus, Mode, WaitsFor
from cobranca.contracts import erp
from integrations.core.models import ErpOperation
from integrations.core.tasks_operations import undo_unwanted
from tests import factories
from tests.cobranca.agreements.making import agree, make_book, make_plain_campaign


class Undoer(erp.ErpGateway):
    """An ERP that takes out what it is told; what nobody thought of goes wrong with `poison`."""

    def __init__(self):
        self.undone = []
        self.poison = ""

    def undo(self, key):
        if key == self.poison:
            raise ValueError("nobody thought of this")
        self.undone.append(key)


@pytest.fixture
def undoer(monkeypatch):
    undoer = Undoer()
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: undoer])
    return undoer


@pytest.fixture
def make_write(in_scope, creditor, agency, undoer):
    """Return what makes a write that stands at a step, and the agreement that it is of."""
    make_plain_campaign(creditor)
    actor = factories.make_user(agency)

    def make(step, agreement):
        contract = factories.make_contract(creditor, factories.make_debtor(agency))
        make_book(contract, ["1000.00"])
        made = agree(contract, actor, Mode.PROPOSAL)
        Agreement.objects.filter(pk=made.pk).update(is_integrated=True, **agreement)
        return ErpOperation.objects.create(
            agency=agency, creditor=creditor, contract=contract, system="erp", step=step,
            key=f"agreement-{made.pk}",
        )  # fmt: skip

    return make


WANTED = {"status": AgreementStatus.WAITING, "waits_for": WaitsFor.ERP}
CALLED_OFF = {"status": AgreementStatus.CANCELLED}


@pytest.mark.parametrize(
    ("step", "agreement", "is_undone"),
    [
        ("sending", WANTED, False),
        ("sending", CALLED_OFF, True),
        # Nobody else ends it, and until it has ended it cannot be sent again.
        ("undoing", WANTED, True),
    ],
)
def test_what_nobody_wants_is_undone(make_write, undoer, step, agreement, is_undone):
    operation = make_write(step, agreement)

    undo_unwanted()

    assert undoer.undone == [operation.key] * is_undone


def test_one_that_goes_wrong_keeps_no_other_in_the_erp(make_write, undoer):
    undoer.poison = make_write("sending", CALLED_OFF).key
    other = make_write("sending", CALLED_OFF)

    assert undo_unwanted() == 1

    assert undoer.undone == [other.key]
