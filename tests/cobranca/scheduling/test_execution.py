from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError

from cobranca.common.errors import DomainError
from cobranca.scheduling import execution, services
from cobranca.scheduling.models import TaskRun
from cobranca.scheduling.states import RunStatus
from tests.cobranca.scheduling.conftest import NOW

TOMORROW = NOW + timedelta(days=1)


def clock():
    return TOMORROW


@pytest.fixture
def run(make_task):
    return services.ring(task_id=make_task().pk, now=TOMORROW)


def test_a_run_does_its_work_and_keeps_the_outcome(run, work, agency):
    assert execution.execute(run.pk, clock=clock)

    run.refresh_from_db()
    assert (run.status, run.message, run.result) == ("done", "Feito.", {"incluídas": 3})
    assert (run.started_at, run.finished_at, run.leased_until) == (TOMORROW, TOMORROW, None)
    context = work.contexts[0]
    assert (context.agency, context.parameters["creditor"]) == (agency, "7")
    assert context.is_ours()


def test_a_run_is_executed_once(run, work):
    execution.execute(run.pk, clock=clock)

    assert not execution.execute(run.pk, clock=clock)
    assert len(work.contexts) == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DomainError("O Sienge recusou a senha."), "O Sienge recusou a senha."),
        (KeyError("segredo"), "Erro inesperado (KeyError)."),
    ],
)
def test_a_failure_is_said_in_words(run, work, error, message):
    def fail(_):
        raise error

    work.do = fail

    execution.execute(run.pk, clock=clock)

    run.refresh_from_db()
    assert (run.status, run.message) == (RunStatus.FAILED, message)


def test_a_run_whose_database_went_away_is_taken_up_again(run, work):
    def fail(_):
        raise OperationalError("server closed the connection")

    work.do = fail
    with pytest.raises(OperationalError):
        execution.execute(run.pk, clock=clock)

    work.do = lambda _: {}
    later = TOMORROW + services.LEASE + timedelta(seconds=1)
    assert execution.execute(run.pk, clock=lambda: later)

    run.refresh_from_db()
    assert (run.status, run.attempts) == ("done", 2)


def test_a_run_nobody_knows_is_no_error(db):
    assert not execution.execute(424242, clock=clock)
    assert execution.ring(424242, clock=clock) is None


def test_the_sweeper_catches_up_once(make_task, ring_bell):
    task = make_task()

    execution.sweep(clock=clock)
    execution.sweep(clock=clock)

    run = TaskRun.objects.get(scheduled_task=task)
    assert ring_bell == [("scheduling.execute", run.pk)]


def test_the_sweeper_rings_again_for_a_run_that_nobody_heard_of(run, implementer, ring_bell):
    # The database's own clock wrote when the run was queued: the task owes nothing by then.
    services.set_active(task=run.scheduled_task, is_active=False, actor=implementer, now=TOMORROW)

    assert execution.sweep(clock=lambda: run.created_at + timedelta(seconds=29)) == 0
    assert execution.sweep(clock=lambda: run.created_at + timedelta(seconds=31)) == 1
    assert ring_bell == [("scheduling.execute", run.pk)]


def test_the_sweeper_rings_for_what_a_dead_worker_left(run, ring_bell):
    services.take(run.pk, now=TOMORROW)

    assert execution.sweep(clock=lambda: TOMORROW + timedelta(seconds=30)) == 0
    assert execution.sweep(clock=lambda: TOMORROW + timedelta(seconds=46)) == 1


def test_who_waited_for_the_subject_is_woken_when_it_is_free(make_task, work, ring_bell):
    first = services.ring(task_id=make_task().pk, now=TOMORROW)
    other = make_task(parameters={"layout": "pagamentos"})
    second = services.ring(task_id=other.pk, now=TOMORROW)
    ring_bell.clear()

    execution.execute(first.pk, clock=clock)

    assert ring_bell == [("scheduling.execute", second.pk)]


def test_a_switched_off_agency_runs_nothing(make_task, agency):
    task = make_task()
    agency.is_active = False
    agency.save()

    assert execution.ring(task.pk, clock=clock) is None


@pytest.fixture
def ring_bell(monkeypatch):
    """Collect what would be sent to the broker."""
    sent = []
    for module in (services, execution):
        monkeypatch.setattr(module, "ring_on_commit", lambda *told: sent.append(told))
    return sent


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_renews_the_lease_while_the_work_lasts(run, work):
    renewed = Event()
    at = [TOMORROW]

    def ticking():
        at[0] += timedelta(seconds=1)
        return at[0]

    def last(context):
        first = TaskRun.objects.get().leased_until
        for _ in range(200):
            if TaskRun.objects.get().leased_until > first:
                renewed.set()
                break
            renewed.wait(0.02)
        return {}

    work.do = last

    execution.execute(run.pk, clock=ticking, every=0.05)

    assert renewed.is_set()
    assert TaskRun.objects.get().status == RunStatus.DONE


@pytest.mark.django_db(transaction=True)
def test_whoever_lost_the_run_is_told(run, work):
    lost = Event()

    def rob(context):
        TaskRun.objects.filter(pk=run.pk).update(attempts=9)
        for _ in range(200):
            if not context.is_ours():
                lost.set()
                break
            lost.wait(0.02)
        return {}

    work.do = rob

    assert not execution.execute(run.pk, clock=clock, every=0.05)
    assert lost.is_set()
    assert TaskRun.objects.get().status == RunStatus.RUNNING
