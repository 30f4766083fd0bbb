"""Scheduled tasks and runs are read here; they are changed on their own screens."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from cobranca.accounts.access import actor_of
from cobranca.common.admin import BrazilianAdmin, ReadOnlyAdmin
from cobranca.scheduling import services
from cobranca.scheduling.models import Holiday, ScheduledTask, TaskRun

# Beat's rows know no agency, and ours are written by scheduling.bells alone.
admin.site.unregister(
    [ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule]
)


@admin.register(Holiday)
class HolidayAdmin(BrazilianAdmin):
    """Feriados: the agency's own days off."""

    list_display = ("day", "name")
    search_fields = ("name",)
    date_hierarchy = "day"
    fields = ("day", "name")

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_holiday(holiday=obj, actor=actor_of(request))


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
