"""Who may write a run: whoever holds it, and only while it is not ended."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django_scopes import scope

from cobranca.common import bell
from cobranca.common.errors import DomainError
from integrations.core import registry
from integrations.core.connector import Page
from integrations.core.errors import PermanentError
from integrations.core.models import ImportRun
from integrations.core.registry import ConnectorEntry
from integrations.core.runs import execution, services
from integrations.core.runs.ownership import LOCK_SPACE, LostRunError, only_one, take, write
from integrations.core.states import RunStatus
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
LOCK_IS_OURS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = %s AND objid = %s
"""


class EmptyErp:
    """An ERP with nothing in it, which lets things happen while it is read."""

    imports_branches = True

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = meanwhile

    def read_portfolio(self, scope: Any, resume: Any = None) -> Iterator[Page]:
        self._meanwhile()
        yield Page("sales", (), {"step": "end"}, restarts=True)


@pytest.fixture
def meanwhile(monkeypatch) -> list[Callable[[], object]]:
    """Register the system "ERP"; what is put in the list happens at each reading, in order."""
    waiting: list[Callable[[], object]] = []

    def happen() -> None:
        if waiting:
            waiting.pop(0)()

    entry = ConnectorEntry(
        system="erp",
        creditor_type="ERP",
        label="Erp",
        layouts=(("carga", "Carga"),),
        make=lambda creditor, **_: EmptyErp(happen),
    )
    monkeypatch.setattr(registry, "_ENTRIES", {"ERP": entry})
    monkeypatch.setattr(execution, "DATABASE_WAITS", (0, 0, 0))
    return waiting


@pytest.fixture
def run(agency, meanwhile) -> Iterator[ImportRun]:
    with scope(agency=agency):
        creditor = factories.make_creditor(agency, creditor_type="ERP", external_code="1")
        yield services.request_run(creditor=creditor, layout="carga", now=NOW, full=True)


def breaking(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def status_of(run: ImportRun) -> str:
    return ImportRun.objects.get(pk=run.pk).status


@pytest.mark.parametrize("ended", [RunStatus.DONE, RunStatus.WAITING, RunStatus.CANCELLED])
def test_a_run_that_ended_meanwhile_stays_as_it_ended(run, ended):
    ImportRun.objects.filter(pk=run.pk).update(status=ended)

    execution.execute(run)

    assert (run.status, status_of(run)) == (ended, ended)


@pytest.mark.django_db(transaction=True)
def test_after_each_loss_of_the_database_the_lock_is_taken_again(run, meanwhile):
    held = []

    def lose_database() -> None:
        with connection.cursor() as cursor:
            cursor.execute(LOCK_IS_OURS, [LOCK_SPACE, run.creditor_id])
            held.append(cursor.fetchone()[0])
        raise OperationalError("server closed the connection")

    meanwhile += [lose_database, lose_database, lose_database]

    services.carry_out(run)

    assert held == [1, 1, 1]
    assert status_of(run) == "done"


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_was_lost_counts(run, monkeypatch):
    finish = execution._apply

    def answer_lost(*args: Any, **kwargs: Any) -> None:
        finish(*args, **kwargs)
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(execution, "_apply", answer_lost)

    services.carry_out(run)

    assert (run.status, status_of(run)) == ("done", "done")


def test_a_worker_that_lost_its_run_does_not_end_it(run, meanwhile):
    def taken_up_by_another() -> None:
        take(ImportRun.objects.get(pk=run.pk))
        raise PermanentError("Resposta do ERP em formato desconhecido.")

    meanwhile.append(taken_up_by_another)

    execution.execute(run)

    assert status_of(run) == "reading"


def test_a_cancelled_run_is_not_begun_by_whoever_was_about_to(run, implementer):
    take(run)
    services.cancel_run(run_id=run.pk, actor=implementer)

    with pytest.raises(LostRunError):
        write(run, status=RunStatus.READING)

    assert status_of(run) == "cancelled"


def test_taking_a_run_up_shows_how_it_stands_now(run, implementer):
    services.cancel_run(run_id=run.pk, actor=implementer)

    take(run)

    assert run.status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_removals_are_not_confirmed_while_a_load_is_under_way(run, implementer):
    ImportRun.objects.filter(pk=run.pk).update(status=RunStatus.WAITING)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, run.creditor_id])

        with pytest.raises(DomainError, match="em andamento"):
            services.confirm_run(run_id=run.pk, actor=implementer)
    finally:
        other.close()

    assert status_of(run) == "waiting"


def test_a_failure_is_told_though_the_end_was_rolled_back(run, monkeypatch):
    """The transaction that ended the run broke after its status was set in memory."""
    monkeypatch.setattr(execution, "_remember_load", lambda run: 1 / 0)

    with only_one(run.creditor_id):
        execution.execute(run)

    assert (run.status, status_of(run)) == ("failed", "failed")


# --- the collectors' queue ------------------------------------------------------------------------


@pytest.fixture
def rung(monkeypatch) -> list[tuple[Any, ...]]:
    """Collect what is sent to the broker."""
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(bell, "_ring", lambda *told: sent.append(told))
    return sent


def test_a_load_that_ended_well_has_the_queue_ranked(
    run, rung, agency, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        execution.execute(run)
        assert rung == []  # not before what was loaded is there to be seen

    assert run.status == RunStatus.DONE
    assert ("telecobranca.rank_queue", agency.pk) in rung


@pytest.mark.parametrize("why", ["rehearsed", "failed"])
def test_a_load_that_changed_nothing_does_not(
    run, meanwhile, rung, why, django_capture_on_commit_callbacks
):
    if why == "failed":
        meanwhile.append(breaking(PermanentError("O ERP recusou.")))
    ImportRun.objects.filter(pk=run.pk).update(dry_run=why == "rehearsed")

    with django_capture_on_commit_callbacks(execute=True):
        execution.execute(run)

    assert status_of(run) == (RunStatus.FAILED if why == "failed" else RunStatus.DONE)
    assert "telecobranca.rank_queue" not in {name for name, *_ in rung}
