"""What people decide on the screens, decided from the command line in somebody's name."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from cobranca.audit.models import AuditEntry
from cobranca.contracts import erp
from integrations.core.models import ErpOperation, ErpOperationStep, ImportRun
from integrations.core.states import DeliveryStatus, RunStatus
from tests import factories
from tests.cobranca.agreements.ledger import Ledger
from tests.integrations.core.inbox.tiny import received

pytestmark = pytest.mark.usefixtures("in_scope")


def told(command, *options, **values):
    out = io.StringIO()
    call_command(command, *options, json=True, stdout=out, **values)
    return json.loads(out.getvalue())


# --- imports --------------------------------------------------------------------------------------


@pytest.fixture
def queued(agency, creditor):
    return ImportRun.objects.create(
        agency=agency, creditor=creditor, layout="carga_sienge", status=RunStatus.QUEUED
    )


def test_a_queued_import_is_given_up_in_somebodys_name(queued, supervisor):
    said = told("confirm_import", "--cancel", run=queued.pk, user=supervisor.username)

    assert (said["run"], said["status"]) == (queued.pk, "cancelled")
    assert str(supervisor) in said["message"]


def test_what_waits_for_nobody_is_not_confirmed(queued, supervisor):
    with pytest.raises(CommandError):
        told("confirm_import", "--confirm", run=queued.pk, user=supervisor.username)

    queued.refresh_from_db()
    assert queued.status == RunStatus.QUEUED


def test_a_waiting_import_goes_on_once_it_is_confirmed(queued, supervisor):
    ImportRun.objects.filter(pk=queued.pk).update(status=RunStatus.WAITING)

    said = told("confirm_import", "--confirm", run=queued.pk, user=supervisor.username)

    assert said["status"] == "applying"


# --- announcements --------------------------------------------------------------------------------


def test_an_announcement_is_shown(agency):
    row = received(agency, "a1", contract="5600", status=DeliveryStatus.PARKED, error="Impossível")

    said = told("webhook_delivery", delivery=row.pk)

    assert (said["status"], said["error"]) == ("parked", "Impossível")


@pytest.mark.parametrize(
    ("option", "status", "action"),
    [
        ("--retry", "waiting", "webhook_delivery.retried"),
        ("--discard", "discarded", "webhook_delivery.discarded"),
    ],
)
def test_an_announcement_is_tried_again_or_given_up(agency, supervisor, option, status, action):
    row = received(agency, "a1", contract="5600", status=DeliveryStatus.PARKED)

    said = told("webhook_delivery", option, delivery=row.pk, user=supervisor.username)

    assert said["status"] == status
    assert AuditEntry.objects.get(action=action).actor == supervisor


def test_a_decision_has_a_name(agency):
    row = received(agency, "a1", contract="5600", status=DeliveryStatus.PARKED)

    with pytest.raises(CommandError, match="em nome de quem"):
        told("webhook_delivery", "--discard", delivery=row.pk)


# --- writes into ERPs -----------------------------------------------------------------------------


@pytest.fixture
def ledger(monkeypatch):
    ledger = Ledger()
    monkeypatch.setattr(erp, "_resolvers", [lambda _: ledger])
    return ledger


@pytest.fixture
def operation(ledger, agency, creditor, debtor):
    contract = factories.make_contract(creditor, debtor, number="295")
    row = ErpOperation.objects.create(
        agency=agency, creditor=creditor, contract=contract, system="sienge",
        key="agreement-999999", step="accepted", order={}, message="Sem resposta.",
    )  # fmt: skip
    ErpOperationStep.objects.create(agency=agency, operation=row, step="accepted", message="Aceita")
    return row


def test_writes_that_did_not_end_are_listed(operation):
    assert [each["key"] for each in told("erp_operations")["operations"]] == [operation.key]

    ErpOperation.objects.filter(pk=operation.pk).update(step="done")

    assert told("erp_operations")["operations"] == []
    assert len(told("erp_operations", "--all")["operations"]) == 1


def test_one_write_shows_its_steps(operation):
    said = told("erp_operations", operation=operation.pk)

    assert (said["step"], said["message"]) == ("accepted", "Sem resposta.")
    assert [each["message"] for each in said["steps"]] == ["Aceita"]


def test_what_nobody_waits_for_is_undone_now(operation, ledger):
    told("erp_operations", "--undo", operation=operation.pk)

    assert ledger.undone == [operation.key]


def test_what_ended_is_not_undone(operation, ledger):
    ErpOperation.objects.filter(pk=operation.pk).update(step="done")

    with pytest.raises(CommandError, match="já terminou"):
        told("erp_operations", "--undo", operation=operation.pk)
    assert ledger.undone == []


def test_an_undoing_names_what_it_undoes(operation):
    with pytest.raises(CommandError, match="--operation"):
        told("erp_operations", "--undo")
