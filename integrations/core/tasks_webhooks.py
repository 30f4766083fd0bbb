"""Announcements on the schedule: the doorbell's task, its sweeper, and the task with a history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db.models import Q
from django_scopes import scope, scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.registry import (
    ReadyModel,
    RunContext,
    TaskType,
    register,
    system_task,
    task_types,
)
from cobranca.scheduling.services import save_task
from cobranca.scheduling.states import Frequency
from integrations.core import registry
from integrations.core.inbox import selectors
from integrations.core.inbox.bell import PROCESS
from integrations.core.inbox.processing import process
from integrations.core.models import WebhookSubscription
from integrations.core.registry import ConnectorEntry

EVERY_MINUTES = 10


@shared_task(name=PROCESS)
def process_webhooks(agency_id: int) -> str:
    """Process what an agency's systems announced."""
    agency = Agency.objects.filter(pk=agency_id, is_active=True).first()
    if agency is None:
        return ""
    with scope(agency=agency):
        return process(agency, clock=clock.now).sentence


@shared_task(name="inbox.sweep")
def sweep_webhooks() -> int:
    """Ring for what was announced and not rung for, or waits for its next attempt."""
    _schedule_where_missing()
    waiting = selectors.agencies_due(now=clock.now())
    for agency_id in waiting:
        process_webhooks.delay(agency_id)
    return len(waiting)


def _schedule_where_missing() -> None:
    """Give every subscribed agency its task, unless somebody had it and did away with it."""
    with scopes_disabled():
        found = WebhookSubscription.objects.filter(agency__is_active=True)
        subscribed = list(found.select_related("agency"))
    for subscription in subscribed:
        entry = registry.entry_of_system(subscription.system)
        if entry is not None:
            with scope(agency=subscription.agency):
                ensure_schedule(subscription.agency, entry)


def ensure_schedule(agency: Agency, entry: ConnectorEntry) -> None:
    """Schedule the processing of a system's announcements, once and for all."""
    code = code_of(entry.system)
    same = {"agency": agency, "task_type": code}
    had = ScheduledTask.objects.filter(**same).exists() or TaskRun.objects.filter(**same).exists()
    if had or code not in {kind.code for kind in task_types()}:
        return
    task = ScheduledTask(
        **same,
        description=label_of(entry),
        frequency=Frequency.INTERVAL,
        every_minutes=EVERY_MINUTES,
    )
    save_task(task=task, parameters={}, actor=None, now=clock.now())


def code_of(system: str) -> str:
    """Return the task type of a system's announcements."""
    return f"process_webhooks_{system}"


def label_of(entry: ConnectorEntry) -> str:
    """Return what people look for in the history: "Processa Pagamento Sienge"."""
    return f"Processa Pagamento {entry.label}"


def _run(context: RunContext) -> Mapping[str, Any]:
    """Process what waits, and tell what came of it here and at the doorbell since the last run."""
    report = process(context.agency, clock=clock.now)
    since = clock.now() - timedelta(minutes=EVERY_MINUTES)
    lately = selectors.counts_by_status(Q(processed_at__gte=since))
    told = {"taken": report.taken, "done": report.done, "parked": report.parked}
    if report.waiting:
        raise DomainError(report.sentence[:480])
    return {"message": f"{report.sentence} {selectors.counts_told(lately)}".strip()[:480], **told}


def _offer(entry: ConnectorEntry) -> None:
    """Make a task type of each system that announces."""
    if entry.read_webhook is not None:
        register(_type_of(entry))


def _type_of(entry: ConnectorEntry) -> TaskType:
    code = code_of(entry.system)
    return TaskType(
        code=code,
        label=label_of(entry),
        run=_run,
        subject=lambda _: code,
        models=(
            ReadyModel(
                code="interval",
                description=label_of(entry),
                frequency=Frequency.INTERVAL,
                every_minutes=EVERY_MINUTES,
            ),
        ),
    )


registry.follow(_offer)
system_task("inbox.sweep", every_minutes=1)
