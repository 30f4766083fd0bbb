"""The life of an import as people live it: asked for, waiting, confirmed, simulated, refused."""

import io
import json

import pytest
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat

from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from cobranca.creditors.models import Branch
from cobranca.creditors.standard_parameters import FULL_LOAD_POLICY, RECALL_LIMIT_PERCENT
from cobranca.outbox.models import OutboxEvent
from integrations.core.connection import check_connection
from integrations.core.models import (
    ConnectionState,
    ImportIssue,
    ImportRun,
    IntegrationLog,
    LoadState,
)
from integrations.core.runs import services
from integrations.core.tasks import run_import, sweep_imports
from integrations.sienge import parameters as p
from tests import factories
from tests.flows.office import Office
from tests.flows.paper import Rules, expected_book

INCOME = "/bulk-data/v1/income"


def command(office: Office, *options: str) -> tuple[int, dict]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_portfolio",
            "--creditor",
            str(office.creditor.pk),
            "--json",
            *options,
            stdout=out,
        )
    return int(ended.value.code or 0), json.loads(out.getvalue())


@pytest.fixture
def shrunk(office: Office) -> Office:
    """An office whose ERP lost half of its open titles overnight."""
    office.load(full=True)
    office.configure(RECALL_LIMIT_PERCENT, "30")
    open_bills = [
        b for b in office.erp.bills() if b["open"] and b["complete"] and not b["forecast"]
    ]
    for bill in open_bills[: len(open_bills) * 2 // 3]:
        office.erp.act("remove_bill", bill=bill["bill"])
    return office


@pytest.fixture
def supervisor_of(office: Office):
    return factories.make_user(office.agency, "Supervisor")


def test_a_creditors_first_load_is_a_batimento_whatever_was_asked(office):
    run = office.load(full=False)

    assert (run.full, run.status) == (True, "done")
    assert LoadState.objects.get().full_at is not None


def test_the_command_prints_what_scripts_read_and_exits_zero(office):
    code, summary = command(office, "--full")

    assert code == 0
    assert set(summary) >= {
        "run",
        "status",
        "full",
        "pages",
        "read",
        "included",
        "updated",
        "recalled",
        "ignored",
        "issues",
        "seconds",
    }
    assert (summary["status"], summary["included"]) == ("done", len(office.open_book()))


def test_a_batimento_above_the_limit_waits_and_the_command_says_so(shrunk):
    before = shrunk.open_book()

    code, summary = command(shrunk, "--full")

    assert (code, summary["status"]) == (2, "waiting")
    assert shrunk.open_book() == before
    event = OutboxEvent.objects.get(topic="import.needs_attention")
    assert event.payload["run"] == summary["run"]


def test_a_confirmed_batimento_removes(shrunk, supervisor_of):
    run = shrunk.load(full=True)

    services.confirm_run(run_id=run.pk, actor=supervisor_of)
    run_import(run.pk)

    run.refresh_from_db()
    assert (run.status, run.details["confirmed_name"]) == ("done", str(supervisor_of))
    assert shrunk.open_book() == expected_book(shrunk.erp.bills(), Rules())


def test_a_confirmed_batimento_whose_reading_was_lost_removes_nothing(shrunk, supervisor_of):
    from cobranca.contracts import mirror

    before = shrunk.open_book()
    run = shrunk.load(full=True)
    mirror.discard(run.pk)
    mirror.prepare(run.pk)

    services.confirm_run(run_id=run.pk, actor=supervisor_of)
    run_import(run.pk)

    run.refresh_from_db()
    assert run.status == "failed"
    assert "rode o batimento de novo" in run.message
    assert shrunk.open_book() == before


def test_a_cancelled_batimento_removes_nothing_and_cannot_be_confirmed_any_more(
    shrunk, supervisor_of
):
    before = shrunk.open_book()
    run = shrunk.load(full=True)

    services.cancel_run(run_id=run.pk, actor=supervisor_of)

    with pytest.raises(DomainError, match="não pode passar a"):
        services.confirm_run(run_id=run.pk, actor=supervisor_of)
    assert shrunk.open_book() == before


def test_a_newer_batimento_takes_the_place_of_one_that_waits(shrunk):
    first = shrunk.load(full=True)

    shrunk.load(full=True)

    first.refresh_from_db()
    assert (first.status, "Substituída" in first.message) == ("cancelled", True)


def test_a_simulation_shows_what_would_change_and_changes_nothing(office):
    office.load(full=True)
    before, events = office.open_book(), Event.objects.count()
    office.erp.act("random", n=10, seed=2)

    run = office.load(full=True, dry_run=True)

    assert run.status == "done"
    assert run.included + run.updated + run.recalled > 0
    assert run.details["preview"]
    assert (office.open_book(), Event.objects.count()) == (before, events)
    real = office.load(full=True)
    counts = ("included", "updated", "recalled")
    assert [getattr(real, n) for n in counts] == [getattr(run, n) for n in counts]


def test_where_batimento_is_obligatory_a_daily_load_is_refused_at_its_field(office):
    office.load(full=True)
    office.configure(FULL_LOAD_POLICY, "1")

    with pytest.raises(DomainError, match="só aceita arquivo de batimento") as refused:
        office.load(full=False)

    assert refused.value.field == "full"


def test_the_window_opens_at_the_last_good_load_and_skips_no_failed_day(office):
    first = office.load(full=True)
    office.next_day()
    office.erp.fault("500", INCOME)
    failed = office.load()
    office.erp.heal()
    office.next_day()

    run = office.load()

    assert failed.status == "failed"
    assert run.window_from == first.window_to
    assert office.open_book() == expected_book(office.erp.bills(), Rules())


def test_wrong_credentials_turn_the_connection_red_and_a_good_load_green_again(office):
    office.configure(p.PASSWORD, "errada")

    run = office.load(full=True)

    assert (run.status, "usuário ou a senha" in run.message) == ("failed", True)
    assert not ConnectionState.objects.get().is_healthy
    office.configure(p.PASSWORD, "sandbox-sienge")
    office.load(full=True)
    assert ConnectionState.objects.get().is_healthy


def test_the_password_is_in_no_log(office):
    office.load(full=True)

    texts = IntegrationLog.objects.values_list("url", "request", "response", "error")
    assert texts.exists()
    assert not any("sandbox-sienge" in text for row in texts for text in row)
    assert not any("Authorization" in text for row in texts for text in row)


def test_the_connection_check_names_the_permission_to_tick(office):
    office.erp.fault("403", "/units")

    state = check_connection(creditor=office.creditor)

    refused = [line for line in state.report if line["state"] == "not_granted"]
    assert [line["permission"] for line in refused] == ["Unidades (todos)"]
    assert "Unidades" in state.message


def test_units_that_are_not_granted_do_not_stop_the_load(office):
    office.erp.fault("403", "/units")

    run = office.load(full=True)

    assert run.status == "done"
    assert any("Unidades" in notice for notice in run.details["notices"])
    assert office.open_book() == expected_book(office.erp.bills(), Rules())


def test_the_smallest_package_runs_its_daily_load(office):
    office.configure(p.PACKAGE, "Free")
    office.load(full=True)

    for _ in range(3):
        office.next_day()
        assert office.load().status == "done"


def test_an_ignored_company_is_left_alone(office):
    office.load(full=True)
    before = office.open_book()
    office.configure(p.IGNORED_COMPANIES, office.creditor.external_code)

    run = office.load(full=True)

    assert (run.status, "Empresas a ignorar" in run.message) == ("failed", True)
    assert office.open_book() == before


def test_a_queued_import_that_nobody_heard_is_rung_again(office):
    run = services.request_run(creditor=office.creditor, layout="carga_sienge", now=office.now())
    ImportRun.objects.filter(pk=run.pk).update(created_at="2020-01-01T00:00:00Z")

    assert sweep_imports() >= 1
    run_import(run.pk)

    run.refresh_from_db()
    assert run.status == "done"


def test_a_layout_that_does_not_exist_is_refused_at_its_field(office):
    with pytest.raises(DomainError) as refused:
        services.request_run(creditor=office.creditor, layout="outro", now=office.now())

    assert refused.value.field == "layout"


def test_issues_found_while_applying_are_told_once_though_it_is_done_twice(shrunk, supervisor_of):
    shrunk.configure(p.IMPORT_ENTERPRISES, "N")
    Branch.objects.update(code=Concat(Value("antiga-"), "code"))
    run = shrunk.load(full=True)
    found = ImportIssue.objects.filter(run=run).count()

    services.confirm_run(run_id=run.pk, actor=supervisor_of)
    run_import(run.pk)

    run.refresh_from_db()
    assert (run.status, found > 0) == ("done", True)
    assert run.issue_count == ImportIssue.objects.filter(run=run).count() == found
