"""The rows of django-celery-beat that ring for our tasks. Ours are known by their names."""

import json
from datetime import time
from zoneinfo import ZoneInfo

from django.conf import settings
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from cobranca.scheduling import registry
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.states import Frequency

RING = "scheduling.ring"
# A ring that nobody heard for so long says nothing new: the sweeper has been there.
EXPIRES = 300


def hang_bell(task: ScheduledTask) -> PeriodicTask:
    """Make beat ring for a scheduled task exactly when its schedule says."""
    bell, _ = PeriodicTask.objects.update_or_create(
        name=f"tarefa:{task.pk}",
        defaults={
            "crontab": _crontab(task),
            "interval": None,
            "task": RING,
            "args": json.dumps([task.pk]),
            "enabled": task.is_active,
            "expire_seconds": EXPIRES,
        },
    )
    return bell


def _crontab(task: ScheduledTask) -> CrontabSchedule:
    """Return when to ring. Too often does no harm: ringing decides by the calendar what is due."""
    at = task.at_time or time(0)
    fields = {
        "minute": str(at.minute),
        "hour": str(at.hour),
        "day_of_week": "*",
        "day_of_month": "*",
        "month_of_year": "*",
        "timezone": ZoneInfo(settings.TIME_ZONE),
        **_pattern(task),
    }
    # The table has no unique key, so get_or_create could meet two equal rows.
    found = CrontabSchedule.objects.filter(**fields).first()
    return found or CrontabSchedule.objects.create(**fields)


def _pattern(task: ScheduledTask) -> dict[str, str]:
    """Return what a frequency adds to a daily crontab."""
    if task.frequency == Frequency.WEEKLY and task.weekday is not None:
        return {"day_of_week": str((task.weekday + 1) % 7)}  # cron counts from Sunday
    if task.frequency == Frequency.MONTHLY and task.month_day is not None:
        # A short month's last day stands for the days it lacks.
        return {"day_of_month": str(task.month_day) if task.month_day <= 28 else "28-31"}
    if task.frequency == Frequency.INTERVAL and task.every_minutes is not None:
        every = task.every_minutes
        return {"minute": f"*/{every}" if 60 % every == 0 else "*", "hour": "*"}
    return {}


def _interval(minutes: int) -> IntervalSchedule:
    wanted = {"every": minutes, "period": IntervalSchedule.MINUTES}
    found = IntervalSchedule.objects.filter(**wanted).first()
    return found or IntervalSchedule.objects.create(**wanted)


def hang_system_bells() -> list[str]:
    """Make beat ring for the product's own tasks; return their names."""
    tasks = registry.system_tasks()
    for known in tasks:
        PeriodicTask.objects.update_or_create(
            name=f"sistema:{known.task}",
            defaults={
                "task": known.task,
                "interval": _interval(known.every_minutes),
                "crontab": None,
                "enabled": True,
                "expire_seconds": min(EXPIRES, known.every_minutes * 60),
            },
        )
    return [known.task for known in tasks]


def take_bell_down(task: ScheduledTask) -> None:
    """Stop ringing for a task that is about to go."""
    PeriodicTask.objects.filter(name=f"tarefa:{task.pk}").delete()
