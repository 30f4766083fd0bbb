"""What operations should see of the work: beat, queues, loads. Of all agencies, without names."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet
from django_celery_beat.models import PeriodicTask
from django_scopes import scopes_disabled

from cobranca.common import clock
from cobranca.common.health import register_fact
from cobranca.creditors.models import Creditor
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.states import DeliveryStatus
from cobranca.scheduling.models import TaskRun
from cobranca.scheduling.states import RunStatus as TaskStatus
from integrations.core.models import ImportRun, LoadState, WebhookDelivery
from integrations.core.states import DeliveryStatus as AnnouncementStatus
from integrations.core.states import RunStatus

STALE = timedelta(hours=36)  # a daily load that missed a day


def beat() -> dict[str, float | None]:
    """Return how long ago beat last sent anything; None before its first tick."""
    last = PeriodicTask.objects.aggregate(last=Max("last_run_at"))["last"]
    return {"last_tick_seconds": _age(last)}


@scopes_disabled()
def waiting() -> dict[str, float | None]:
    """Return how long the oldest due and unstarted work has waited, by kind."""
    now = clock.now()
    tasks = TaskRun.objects.filter(status=TaskStatus.QUEUED, due_at__lte=now)
    runs = ImportRun.objects.filter(status=RunStatus.QUEUED)
    announced = WebhookDelivery.objects.filter(status=AnnouncementStatus.WAITING, due_at__lte=now)
    events = OutboxEvent.objects.filter(status=DeliveryStatus.PENDING, due_at__lte=now)
    return {
        "oldest_task_seconds": _oldest(tasks, "due_at"),
        "oldest_import_seconds": _oldest(runs, "created_at"),
        "oldest_delivery_seconds": _oldest(events, "due_at"),
        "oldest_webhook_seconds": _oldest(announced, "due_at"),
    }


@scopes_disabled()
def loads() -> dict[str, float | None]:
    """Return how many creditors with an integration are loaded, and how many fell behind."""
    integrated = Creditor.objects.filter(is_active=True).exclude(creditor_type="")
    states = LoadState.objects.filter(creditor__in=integrated)
    behind = states.filter(loaded_until__lt=clock.now() - STALE)
    return {
        "creditors": integrated.count(),
        "loaded": states.filter(loaded_until__isnull=False).count(),
        "behind": behind.count(),
        "oldest_load_seconds": _oldest(states, "loaded_until"),
    }


def register() -> None:
    """Have these facts told by the health page and the metrics."""
    register_fact("beat", beat)
    register_fact("waiting", waiting)
    register_fact("loads", loads)


def _oldest(rows: QuerySet[Any], field: str) -> float | None:
    return _age(rows.aggregate(first=Min(field))["first"])


def _age(moment: datetime | None) -> float | None:
    return None if moment is None else round((clock.now() - moment).total_seconds(), 1)
