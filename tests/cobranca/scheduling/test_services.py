import json
from datetime import time, timedelta

import pytest
from django_celery_beat.models import PeriodicTask
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.scheduling import installation, services
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.states import RunStatus
from tests.cobranca.scheduling.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_scope")
DAY = timedelta(days=1)


def ring(task, at):
    return services.ring(task_id=task.pk, now=at)


# --- saving ---------------------------------------------------------------------------------------


def test_a_task_hangs_its_bell_in_beat(make_task):
    task = make_task(frequency="weekly", weekday=6, at_time=time(7, 30))

    bell = task.periodic_task
    assert (bell.task, json.loads(bell.args), bell.enabled) == ("scheduling.ring", [task.pk], True)
    crontab = bell.crontab
    assert (crontab.minute, crontab.hour, crontab.day_of_week) == ("30", "7", "0")
    assert str(crontab.timezone) == "America/Sao_Paulo"


def test_saving_again_moves_the_same_bell(make_task, implementer):
    task = make_task()
    task.at_time, task.frequency, task.every_minutes = None, "interval", 10

    services.save_task(task=task, parameters=task.parameters, actor=implementer, now=NOW)

    bell = PeriodicTask.objects.get(name=f"tarefa:{task.pk}")
    assert (bell.crontab.minute, bell.crontab.hour) == ("*/10", "*")


@pytest.mark.parametrize(
    ("fields", "minute", "days"),
    [
        ({"frequency": "monthly", "month_day": 5}, "0", "5"),
        ({"frequency": "monthly", "month_day": 31}, "0", "28-31"),
        ({"frequency": "interval", "every_minutes": 7}, "*", "*"),
    ],
)
def test_a_bell_rings_at_least_when_the_task_is_due(make_task, fields, minute, days):
    crontab = make_task(**fields).periodic_task.crontab

    assert (crontab.minute, crontab.day_of_month) == (minute, days)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"frequency": "sometimes"}, "frequency"),
        ({"at_time": None}, "at_time"),
        ({"frequency": "weekly"}, "weekday"),
        ({"frequency": "weekly", "weekday": 6, "business_days_only": True}, "weekday"),
        ({"frequency": "monthly"}, "month_day"),
        ({"frequency": "monthly", "month_day": 32}, "month_day"),
        ({"frequency": "interval"}, "every_minutes"),
        ({"frequency": "interval", "every_minutes": 0}, "every_minutes"),
        ({"task_type": "unknown"}, "task_type"),
        ({"parameters": {"creditor": ""}}, "creditor"),
        ({"parameters": {"creditor": "99"}}, "creditor"),
        ({"parameters": {"full": "talvez"}}, "full"),
        ({"parameters": {"layout": "pagamentos", "full": "Sim"}}, "full"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(make_task, fields, field):
    with pytest.raises(DomainError) as refused:
        make_task(**fields)

    assert refused.value.field == field


def test_parameters_are_stored_typed_with_their_subject(make_task):
    task = make_task(parameters={"full": "Sim", "extra": "ignorado"})

    assert task.parameters == {"creditor": "7", "layout": "carga", "full": True, "note": ""}
    assert task.subject == "creditor:7"


def test_a_change_is_audited_in_words(make_task, implementer):
    task = make_task()
    task.at_time = time(8)

    services.save_task(
        task=task, parameters={**task.parameters, "full": True}, actor=implementer, now=NOW
    )

    entry = AuditEntry.objects.get(action="scheduled_task.saved")
    assert entry.changes == {
        "horário": ["07:00:00", "08:00:00"],
        "Arquivo de Batimento": ["Não", "Sim"],
    }


def test_deleting_a_task_takes_its_bell_down_and_keeps_its_runs(make_task, implementer):
    task = make_task()
    run = ring(task, NOW + DAY)

    services.delete_task(task=task, actor=implementer)

    assert not PeriodicTask.objects.filter(name__startswith="tarefa:").exists()
    run.refresh_from_db()
    assert run.scheduled_task is None


# --- ringing --------------------------------------------------------------------------------------


def test_a_deleted_task_does_not_come_back_with_a_late_change(make_task, implementer):
    task = make_task()
    late = ScheduledTask.objects.select_related("agency").get(pk=task.pk)
    services.delete_task(task=task, actor=implementer)

    with pytest.raises(NotFoundError, match="excluída"):
        services.save_task(task=late, parameters=late.parameters, actor=implementer, now=NOW)

    assert not ScheduledTask.objects.exists()


def test_nothing_is_owed_from_before_the_task_was_made(make_task):
    assert ring(make_task(), NOW) is None


def test_a_due_time_is_queued_once_however_often_it_rings(make_task):
    task = make_task()

    runs = [ring(task, NOW + DAY + timedelta(minutes=n)) for n in range(3)]

    assert [run is not None for run in runs] == [True, False, False]
    assert TaskRun.objects.get().due_at == NOW.replace(hour=10) + DAY


def test_a_machine_that_was_off_owes_one_run(make_task):
    task = make_task()

    assert ring(task, NOW + 5 * DAY) is not None
    assert ring(task, NOW + 5 * DAY) is None
    assert TaskRun.objects.count() == 1


def test_a_task_of_business_days_owes_nothing_for_the_weekend(make_task):
    task = make_task(business_days_only=True)
    friday = NOW + 3 * DAY

    assert ring(task, friday) is not None
    assert ring(task, friday + DAY) is None
    assert ring(task, friday + 2 * DAY) is None
    assert ring(task, friday + 3 * DAY) is not None


def test_a_changed_time_is_owed_from_now_on_only(make_task, implementer):
    task = make_task()
    task.at_time = time(9)

    services.save_task(task=task, parameters=task.parameters, actor=implementer, now=NOW)

    assert ring(task, NOW + timedelta(minutes=1)) is None
    assert ring(task, NOW + DAY) is not None


def test_saving_without_a_change_does_not_forget_what_was_settled(make_task, implementer):
    task = make_task()
    stale = ScheduledTask.objects.get(pk=task.pk)
    ring(task, NOW + DAY)

    services.save_task(task=stale, parameters=stale.parameters, actor=implementer, now=NOW + DAY)

    assert ring(task, NOW + DAY) is None


def test_what_came_due_while_it_was_off_is_not_owed(make_task, implementer):
    task = make_task()
    services.set_active(task=task, is_active=False, actor=implementer, now=NOW)
    assert ring(task, NOW + DAY) is None
    assert not PeriodicTask.objects.get(name=f"tarefa:{task.pk}").enabled

    services.set_active(task=task, is_active=True, actor=implementer, now=NOW + 2 * DAY)

    assert ring(task, NOW + 2 * DAY) is None
    assert ring(task, NOW + 3 * DAY) is not None


# --- running --------------------------------------------------------------------------------------


def test_running_now_is_a_run_of_the_person(make_task, supervisor):
    run = services.run_now(task=make_task(), actor=supervisor, now=NOW)

    assert (run.requested_by, run.status, run.subject) == (supervisor, "queued", "creditor:7")


def test_running_now_twice_is_refused(make_task, supervisor):
    task = make_task()
    services.run_now(task=task, actor=supervisor, now=NOW)

    with pytest.raises(DomainError, match="já está na fila"):
        services.run_now(task=task, actor=supervisor, now=NOW)


def test_a_run_is_taken_by_one(make_task):
    run = ring(make_task(), NOW + DAY)

    assert services.take(run.pk, now=NOW) is not None
    assert services.take(run.pk, now=NOW) is None


def test_a_run_of_the_same_subject_waits(make_task):
    loading = ring(make_task(description="Carga"), NOW + DAY)
    payments = ring(make_task(parameters={"layout": "pagamentos"}), NOW + DAY)
    taken = services.take(loading.pk, now=NOW)

    assert services.take(payments.pk, now=NOW) is None
    payments.refresh_from_db()
    assert (payments.status, payments.message) == (
        RunStatus.QUEUED,
        "Aguardando o término de: Carga.",
    )

    services.finish(taken, RunStatus.DONE, message="", result={}, now=NOW)
    assert services.take(payments.pk, now=NOW) is not None


def test_a_run_that_would_repeat_what_runs_is_skipped(make_task):
    task = make_task()
    services.take(ring(task, NOW + DAY).pk, now=NOW)
    second = ring(task, NOW + 2 * DAY)

    assert services.take(second.pk, now=NOW) is None

    second.refresh_from_db()
    assert second.status == RunStatus.SKIPPED
    assert "ainda não terminou" in second.message


def test_a_dead_workers_run_is_taken_up_after_its_lease(make_task):
    first = services.take(ring(make_task(), NOW + DAY).pk, now=NOW)

    assert services.take(first.pk, now=NOW + services.LEASE) is None
    second = services.take(first.pk, now=NOW + services.LEASE + timedelta(seconds=1))

    assert second is not None
    assert second.attempts == 2
    assert services.LEASE.total_seconds() <= 60


def test_a_sign_of_life_keeps_the_run(make_task):
    run = services.take(ring(make_task(), NOW + DAY).pk, now=NOW)

    assert services.renew(run, now=NOW + timedelta(seconds=40))

    assert services.take(run.pk, now=NOW + timedelta(seconds=80)) is None


def test_who_lost_the_run_can_no_longer_write(make_task):
    first = services.take(ring(make_task(), NOW + DAY).pk, now=NOW)
    later = NOW + timedelta(minutes=2)
    services.take(first.pk, now=later)

    assert not services.renew(first, now=later)
    assert not services.finish(first, RunStatus.DONE, message="", result={}, now=later)
    assert TaskRun.objects.get().status == RunStatus.RUNNING


def test_a_run_that_takes_its_worker_down_every_time_is_given_up(make_task):
    run_id = ring(make_task(), NOW + DAY).pk
    at = NOW

    for _ in range(services.MOST_ATTEMPTS):
        assert services.take(run_id, now=at) is not None
        at += timedelta(minutes=2)
    assert services.take(run_id, now=at) is None

    run = TaskRun.objects.get()
    assert (run.status, run.finished_at) == (RunStatus.FAILED, at)


def test_a_run_of_another_agency_is_not_to_be_had(make_task, other_agency):
    run = ring(make_task(), NOW + DAY)

    with scope(agency=other_agency):
        assert services.take(run.pk, now=NOW) is None


# --- installing -----------------------------------------------------------------------------------


def test_installing_schedules_twice_changes_nothing(make_task):
    task = make_task()
    PeriodicTask.objects.all().delete()

    installation.install_schedules()
    before = set(PeriodicTask.objects.values_list("pk", "name"))
    installation.install_schedules()

    assert set(PeriodicTask.objects.values_list("pk", "name")) == before
    names = {name for _, name in before}
    assert {"sistema:scheduling.sweep", "sistema:outbox.sweep", f"tarefa:{task.pk}"} <= names
