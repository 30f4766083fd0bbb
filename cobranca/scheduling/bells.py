"""The rows of django-celery-beat that ring for our tasks. Ours are known by their names."""

import json
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
    schedule: dict[str, object] = {"crontab": None, "interval": None}
    if task.frequency == Frequency.INTERVAL:
        schedule["interval"] = _interval(task.every_minutes or 1)
    else:
        schedule["crontab"] = _crontab(task)
    bell, _ = PeriodicTask.objects.update_or_create(
        name=f"tarefa:{task.pk}",
        defaults={
            **schedule,
            "task": RING,
            "args": json.dumps([task.pk]),
            "enabled": task.is_active,
            "expire_seconds": EXPIRES,
        },
    )
    return bell


def _crontab(task: ScheduledTask) -> CrontabSchedule:
    """Return the crontab of a daily, weekly or monthly task.

    Late days of the month ring from the 28th on: a short month's last day counts as the 31st,
    and ringing decides by the calendar whether the day is due.
    """
    at = task.at_time
    days = "*"
    if task.frequency == Frequency.MONTHLY and task.month_day:
        days = str(task.month_day) if task.month_day <= 28 else "28-31"
    weekday = "*"
    if task.frequency == Frequency.WEEKLY and task.weekday is not None:
        weekday = str((task.weekday + 1) % 7)  # cron counts from Sunday
    wanted = {
        "minute": str(at.minute if at else 0),
        "hour": str(at.hour if at else 0),
        "day_of_week": weekday,
        "day_of_month": days,
        "month_of_year": "*",
        "timezone": ZoneInfo(settings.TIME_ZONE),
    }
    # The table has no unique key, so get_or_create could meet two equal rows.
    return CrontabSchedule.objects.filter(**wanted).first() or CrontabSchedule.objects.create(
        **wanted
    )


def _interval(minutes: int) -> IntervalSchedule:
    wanted = {"every": minutes, "period": IntervalSchedule.MINUTES}
    return IntervalSchedule.objects.filter(**wanted).first() or IntervalSchedule.objects.create(
        **wanted
    )


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
