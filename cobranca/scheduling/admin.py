"""Scheduled tasks and runs are read here; they are changed on their own screens."""

from django.contrib import admin
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from cobranca.common.admin import ReadOnlyAdmin
from cobranca.scheduling.models import ScheduledTask, TaskRun

# Beat's rows know no agency, and ours are written by scheduling.bells alone.
admin.site.unregister(
    [ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule]
)


@admin.register(ScheduledTask)
class ScheduledTaskAdmin(ReadOnlyAdmin):
    """What is scheduled."""

    list_display = ("description", "frequency", "at_time", "business_days_only", "is_active")
    list_filter = ("frequency", "is_active")
    search_fields = ("description",)


@admin.register(TaskRun)
class TaskRunAdmin(ReadOnlyAdmin):
    """What ran."""

    list_display = ("description", "due_at", "status", "started_at", "finished_at", "message")
    list_filter = ("status",)
    search_fields = ("description", "message")
