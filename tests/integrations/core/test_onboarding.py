from datetime import UTC, datetime, timedelta

import pytest

from cobranca.common import clock
from cobranca.creditors import services
from cobranca.creditors.onboarding import StepState, checklist
from integrations.core import registry
from integrations.core.models import ConnectionState, ImportRun, IntegrationLog, LoadState
from integrations.core.registry import ConnectorEntry
from integrations.core.states import RunStatus
from integrations.sienge import parameters
from tests.factories import make_creditor

pytestmark = pytest.mark.usefixtures("in_scope")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def connector(monkeypatch):
    entry = ConnectorEntry("sienge", "SIENGE", "Sienge", (("carga", "Carga Sienge"),), make=object)
    monkeypatch.setattr(registry, "_ENTRIES", {entry.creditor_type: entry})


def found(agency, code):
    return next(each.finding for each in checklist(agency) if each.step.code == code)


@pytest.mark.parametrize(
    ("healthy", "report", "state"),
    [
        (True, [], StepState.DONE),
        (True, [{"state": "not_granted"}], StepState.TO_VALIDATE),
        (False, [], StepState.MISSING),
    ],
)
def test_the_connection_stands_as_it_was_last_seen(agency, healthy, report, state):
    services.activate_creditor_type("SIENGE", agency=agency, actor=None)
    ConnectionState.objects.create(
        agency=agency, system="sienge", checked_at=NOW, is_healthy=healthy, report=report
    )

    assert found(agency, "connection").state == state


def test_a_connection_never_checked_is_missing(agency):
    services.activate_creditor_type("SIENGE", agency=agency, actor=None)

    assert "ainda não verificada" in found(agency, "connection").detail


def test_the_first_load_is_done_when_every_creditor_had_its_batimento(agency, creditor):
    LoadState.objects.create(agency=agency, creditor=creditor, full_at=NOW)
    assert found(agency, "first_load").state == StepState.DONE

    other = make_creditor(agency, creditor_type="SIENGE", external_code="2")
    assert found(agency, "first_load").state == StepState.MISSING
    assert str(other) in found(agency, "first_load").detail


def test_a_load_that_waits_for_a_person_is_to_be_validated(agency, creditor):
    ImportRun.objects.create(
        agency=agency, creditor=creditor, layout="carga", full=True, status=RunStatus.WAITING
    )

    assert found(agency, "first_load").state == StepState.TO_VALIDATE


def make_call(agency, method, *, status=200, hours_ago=1):
    IntegrationLog.objects.create(
        agency=agency, at=clock.now() - timedelta(hours=hours_ago), kind="SiengeApi",
        method=method, verb="POST", url="u", status=status,
        error="sem permissão" if status == 403 else "",
    )  # fmt: skip


def test_a_permission_refused_in_use_is_named_until_it_works(agency):
    assert found(agency, "permissions").state == StepState.MISSING
    ConnectionState.objects.create(agency=agency, system="sienge", checked_at=NOW)
    assert found(agency, "permissions").state == StepState.DONE

    make_call(agency, "GravarReparcelamento", status=403, hours_ago=3)
    refused = found(agency, "permissions")
    make_call(agency, "GravarReparcelamento", hours_ago=2)

    assert refused.state == StepState.TO_VALIDATE
    assert "GravarReparcelamento" in refused.detail
    assert found(agency, "permissions").state == StepState.DONE


def test_the_package_is_told_with_its_quota(agency, implementer):
    assert found(agency, "sienge_package").state == StepState.MISSING

    services.set_parameter(parameters.PACKAGE, "Essencial", agency=agency, actor=implementer)

    assert found(agency, "sienge_package").detail == (
        "Essencial: 5.000 chamadas REST e 100 BULK por dia."
    )
