"""Reading scheduled tasks and their runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.scheduling import registry
from cobranca.scheduling.calendar import Schedule, next_due
from cobranca.scheduling.models import Holiday, ScheduledTask, TaskRun
from cobranca.scheduling.registry import ReadyModel, TaskType
from cobranca.scheduling.states import ALIVE, RunStatus

PAGE = 50


def holidays_of(agency: Agency) -> frozenset[date]:
    """Return the days that the agency added to the holidays of the nation and of its state."""
    return frozenset(Holiday.objects.filter(agency=agency).values_list("day", flat=True))


def with_holidays(tasks: QuerySet[ScheduledTask]) -> QuerySet[ScheduledTask]:
    """Return tasks along with their agency's days off, for `schedule_of` to ask no more."""
    days = Holiday.objects.filter(agency=OuterRef("agency")).values("day")
    return tasks.select_related("agency").annotate(days_off=ArraySubquery(days))


def schedule_of(task: ScheduledTask) -> Schedule:
    """Return what decides when a task is due."""
    days_off = getattr(task, "days_off", None)
    if days_off is None:
        days_off = holidays_of(task.agency) if task.business_days_only else ()
    return Schedule(
        frequency=task.frequency,
        zone=ZoneInfo(settings.TIME_ZONE),
        at=task.at_time,
        weekday=task.weekday,
        month_day=task.month_day,
        every_minutes=task.every_minutes,
        business_days_only=task.business_days_only,
        state=task.agency.state,
        extra=frozenset(days_off),
    )


@dataclass(frozen=True)
class TaskLine:
    """A scheduled task as the list shows it."""

    task: ScheduledTask
    type_label: str
    next_due: datetime | None
    last_run: TaskRun | None


def task_lines(agency: Agency, *, now: datetime) -> list[TaskLine]:
    """Return the agency's tasks with when they are due next and what came of them last."""
    tasks = list(with_holidays(ScheduledTask.objects.filter(agency=agency)))
    latest = TaskRun.objects.filter(scheduled_task__in=tasks).order_by("scheduled_task_id", "-id")
    runs = {run.scheduled_task_id: run for run in latest.distinct("scheduled_task_id")}
    return [
        TaskLine(
            task=task,
            type_label=registry.label_of(task.task_type),
            next_due=next_due(schedule_of(task), now) if task.is_active else None,
            last_run=runs.get(task.pk),
        )
        for task in tasks
    ]


def alive_runs(agency: Agency) -> QuerySet[TaskRun]:
    """Return what runs now and what waits, running ones first."""
    found = TaskRun.objects.filter(agency=agency, status__in=ALIVE).select_related("requested_by")
    return found.order_by("-status", "due_at", "id")


def ended_runs(
    agency: Agency, *, before: int | None = None, status: str = "", task_id: int | None = None
) -> list[TaskRun]:
    """Return one page of the history, newest first, older than the run `before`."""
    found = TaskRun.objects.filter(agency=agency).exclude(status__in=ALIVE)
    if before is not None:
        found = found.filter(pk__lt=before)
    if status:
        found = found.filter(status=status)
    if task_id is not None:
        found = found.filter(scheduled_task=task_id)
    return list(found.select_related("requested_by").order_by("-id")[:PAGE])


def ready_models() -> list[tuple[TaskType, ReadyModel]]:
    """Return every ready model with its task type."""
    return [(kind, model) for kind in registry.task_types() for model in kind.models]


def missing_models(agency: Agency) -> list[ReadyModel]:
    """Return the ready models that no active task of the agency follows."""
    tasks = list(ScheduledTask.objects.filter(agency=agency, is_active=True))
    return [
        model
        for kind, model in ready_models()
        if not any(_follows(task, kind, model) for task in tasks)
    ]


def _follows(task: ScheduledTask, kind: TaskType, model: ReadyModel) -> bool:
    """Tell whether a task does what a ready model proposes, at whatever time."""
    same = all(task.parameters.get(name) == value for name, value in model.parameters.items())
    return task.task_type == kind.code and same


def has_active_tasks(agency: Agency) -> bool:
    """Tell whether anything is scheduled."""
    return ScheduledTask.objects.filter(agency=agency, is_active=True).exists()


def active_task_ids() -> list[int]:
    """Return the active tasks of all active agencies, for the sweeper."""
    with scopes_disabled():
        found = ScheduledTask.objects.filter(is_active=True, agency__is_active=True)
        return list(found.order_by("pk").values_list("pk", flat=True))


def waiting_runs(*, now: datetime, grace: timedelta) -> list[int]:
    """Return runs nobody is at: queued for longer than `grace`, or with their lease over."""
    unheard = Q(status=RunStatus.QUEUED, created_at__lte=now - grace)
    abandoned = Q(status=RunStatus.RUNNING, leased_until__lt=now)
    with scopes_disabled():
        found = TaskRun.objects.filter(unheard | abandoned)
        return list(found.order_by("due_at", "pk").values_list("pk", flat=True))


def agency_of_task(task_id: int) -> Agency | None:
    """Return whose task it is, for work that starts from an id alone."""
    with scopes_disabled():
        return _agency_of(ScheduledTask.objects.filter(pk=task_id))


def agency_of_run(run_id: int) -> Agency | None:
    """Return whose run it is, for work that starts from an id alone."""
    with scopes_disabled():
        return _agency_of(TaskRun.objects.filter(pk=run_id))


def _agency_of(rows: QuerySet[Any]) -> Agency | None:
    found = rows.select_related("agency").first()
    return found.agency if found else None
