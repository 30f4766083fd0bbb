"""Scheduled tasks and their runs: every change of theirs.

A run is a row. Whoever works on it holds a lease and renews it; the number of attempts is the
proof of holding it, so that a worker that comes back late can no longer write. The database
refuses two running rows of one subject.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.bell import ring_on_commit
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.scheduling import bells, registry, selectors
from cobranca.scheduling.calendar import last_due
from cobranca.scheduling.models import Holiday, ScheduledTask, TaskRun
from cobranca.scheduling.parameters import clean_parameters, shown_parameters
from cobranca.scheduling.states import ALIVE, RunStatus, check_move
from cobranca.scheduling.timing import TIMING_FIELDS, check_timing

EXECUTE = "scheduling.execute"
LEASE = timedelta(seconds=45)
# A run that takes its worker down every time is not tried for ever.
MOST_ATTEMPTS = 5
HOLIDAY_FIELDS = ("day", "name")
TASK_FIELDS = ("description", *TIMING_FIELDS, "is_active")


@transaction.atomic
def save_task(
    *, task: ScheduledTask, parameters: Mapping[str, Any], actor: User | None, now: datetime
) -> ScheduledTask:
    """Save a scheduled task and hang its bell.

    What was due before a change stays as it was settled: a new time is owed from now on only.
    """
    kind = registry.task_type(task.task_type)
    check_timing(task)
    stored = ScheduledTask.objects.select_for_update().filter(pk=task.pk).first()
    if stored is None and not task._state.adding:
        raise NotFoundError("Esta tarefa foi excluída.")
    before = _seen(stored)
    task.parameters = clean_parameters(kind, parameters, agency=task.agency)
    task.subject = kind.subject(task.parameters)
    task.description = task.description.strip() or kind.label
    _save_fields(task, stored, now)
    _hang(task)
    _log_saved(task, actor, before)
    return task


def _save_fields(task: ScheduledTask, stored: ScheduledTask | None, now: datetime) -> None:
    """Save without touching `settled_until`, which ringing moves, unless the schedule changed."""
    if stored is None:
        task.settled_until = now
        task.save()
        return
    fields = ["task_type", "parameters", "subject", *TASK_FIELDS]
    if any(getattr(task, name) != getattr(stored, name) for name in (*TIMING_FIELDS, "is_active")):
        task.settled_until = now
        fields.append("settled_until")
    task.save(update_fields=fields)


def _hang(task: ScheduledTask) -> None:
    bell = bells.hang_bell(task)
    if task.periodic_task_id != bell.pk:
        task.periodic_task = bell
        task.save(update_fields=["periodic_task"])


def _seen(task: ScheduledTask | None) -> dict[str, str]:
    """Return what the trail compares of a stored task; nothing for a new one."""
    if task is None:
        return {}
    shown = shown_parameters(task.task_type, task.parameters, agency=task.agency)
    return trail.snapshot(task, TASK_FIELDS) | dict(shown)


def _log_saved(task: ScheduledTask, actor: User | None, before: dict[str, str]) -> None:
    changes = trail.differences(before, _seen(task))
    if changes:
        action = "scheduled_task.saved" if before else "scheduled_task.created"
        log_action(action, task, actor, agency=task.agency, changes=changes)


@transaction.atomic
def save_holiday(*, holiday: Holiday, actor: User | None) -> Holiday:
    """Save a day on which the agency does not work."""
    holiday.name = holiday.name.strip()
    if not holiday.name:
        raise DomainError("Informe o nome do feriado.", "name")
    same = Holiday.objects.filter(agency=holiday.agency, day=holiday.day).exclude(pk=holiday.pk)
    if same.exists():
        raise DomainError("Este dia já está entre os feriados.", "day")
    before = trail.stored_snapshot(holiday, HOLIDAY_FIELDS)
    holiday.save()
    changes = trail.differences(before, trail.snapshot(holiday, HOLIDAY_FIELDS))
    if changes:
        action = "holiday.saved" if before else "holiday.created"
        log_action(action, holiday, actor, agency=holiday.agency, changes=changes)
    return holiday


@transaction.atomic
def set_active(
    *, task: ScheduledTask, is_active: bool, actor: User, now: datetime
) -> ScheduledTask:
    """Switch a task on or off; what came due while it was off is not owed."""
    locked = ScheduledTask.objects.select_for_update().get(pk=task.pk)
    before = _seen(locked)
    locked.is_active = is_active
    _save_fields(locked, ScheduledTask.objects.get(pk=task.pk), now)
    _hang(locked)
    _log_saved(locked, actor, before)
    return locked


@transaction.atomic
def delete_task(*, task: ScheduledTask, actor: User) -> None:
    """Delete a task; its runs stay in the history."""
    log_action("scheduled_task.deleted", task, actor, agency=task.agency)
    bells.take_bell_down(task)
    task.delete()


@transaction.atomic
def run_now(*, task: ScheduledTask, actor: User, now: datetime) -> TaskRun:
    """Ask for a run of a task at once; refused while one of it is waiting or running."""
    locked = ScheduledTask.objects.select_for_update().get(pk=task.pk)
    if locked.runs.filter(status__in=ALIVE).exists():
        raise DomainError("Esta tarefa já está na fila ou em execução.")
    run = _queue(locked, due_at=now, requested_by=actor)
    log_action("scheduled_task.run_requested", locked, actor, agency=locked.agency)
    return run


@transaction.atomic
def ring(*, task_id: int, now: datetime) -> TaskRun | None:
    """Queue the run that a task owes at `now`, once; however many were missed, one is owed."""
    task = (
        ScheduledTask.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk=task_id, is_active=True)
        .first()
    )
    due = last_due(selectors.schedule_of(task), now) if task else None
    if task is None or due is None or due <= task.settled_until:
        return None
    task.settled_until = due
    task.save(update_fields=["settled_until"])
    return _queue(task, due_at=due, requested_by=None)


def _queue(task: ScheduledTask, *, due_at: datetime, requested_by: User | None) -> TaskRun:
    run = TaskRun(
        agency=task.agency,
        scheduled_task=task,
        task_type=task.task_type,
        description=task.description,
        subject=task.subject,
        parameters=task.parameters,
        due_at=due_at,
        requested_by=requested_by,
    )
    run.save()
    ring_on_commit(EXECUTE, run.pk)
    return run


@transaction.atomic
def take(run_id: int, *, now: datetime) -> TaskRun | None:
    """Take a run nobody holds, for the length of a lease; None when it is not to be had.

    A run whose subject is busy stays queued, or is skipped when what runs is the same work.
    """
    free = Q(status=RunStatus.QUEUED) | Q(status=RunStatus.RUNNING, leased_until__lt=now)
    run = TaskRun.objects.select_for_update(skip_locked=True).filter(free, pk=run_id).first()
    if run is None:
        return None
    if run.attempts >= MOST_ATTEMPTS:
        _end(run, RunStatus.FAILED, f"Interrompida {run.attempts} vezes; não será repetida.", now)
        return None
    try:
        with transaction.atomic():
            _start(run, now)
    except IntegrityError:
        run.refresh_from_db()
        _step_aside(run, now)
        return None
    return run


def _start(run: TaskRun, now: datetime) -> None:
    check_move(run.status, RunStatus.RUNNING)
    run.status = RunStatus.RUNNING
    run.attempts += 1
    run.started_at = run.started_at or now
    run.leased_until = now + LEASE
    run.message = ""
    run.save(update_fields=["status", "attempts", "started_at", "leased_until", "message"])


def _step_aside(run: TaskRun, now: datetime) -> None:
    """Leave a run whose subject is busy in the queue, unless it would only repeat what runs."""
    busy = TaskRun.objects.filter(
        agency=run.agency_id, subject=run.subject, status=RunStatus.RUNNING
    ).first()
    if busy is None:
        return
    is_same = busy.task_type == run.task_type and busy.parameters == run.parameters
    if is_same:
        _end(run, RunStatus.SKIPPED, "A execução anterior ainda não terminou.", now)
        return
    run.message = f"Aguardando o término de: {busy.description}."[:500]
    run.save(update_fields=["message"])


def _end(run: TaskRun, status: RunStatus, message: str, now: datetime) -> None:
    check_move(run.status, status)
    run.status, run.message, run.finished_at = status, message[:500], now
    run.save(update_fields=["status", "message", "finished_at"])


def _held(run: TaskRun) -> Any:
    """Return the row while it is still ours."""
    return TaskRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING, attempts=run.attempts)


def renew(run: TaskRun, *, now: datetime) -> bool:
    """Show a sign of life; False when the run was taken by somebody else meanwhile."""
    return bool(_held(run).update(leased_until=now + LEASE))


@transaction.atomic
def finish(
    run: TaskRun, status: RunStatus, *, message: str, result: Mapping[str, Any], now: datetime
) -> bool:
    """Write the outcome of a run that is still ours, and wake who waited for its subject."""
    check_move(RunStatus.RUNNING, status)
    values = {"status": status, "message": message[:500], "result": dict(result)}
    if not _held(run).update(**values, finished_at=now, leased_until=None):
        return False
    _wake_next(run.agency, run.subject)
    return True


def _wake_next(agency: Agency, subject: str) -> None:
    if not subject:
        return
    waiting = TaskRun.objects.filter(agency=agency, subject=subject, status=RunStatus.QUEUED)
    for run_id in waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:1]:
        ring_on_commit(EXECUTE, run_id)
