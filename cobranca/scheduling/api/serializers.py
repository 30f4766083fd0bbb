"""Scheduled tasks and their runs on the wire."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from cobranca.common import clock
from cobranca.common.api.serializers import Row
from cobranca.scheduling.calendar import next_due
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.selectors import schedule_of


class Scalar(serializers.CharField):
    """Text, or a yes or no as JSON says it."""

    def to_internal_value(self, data: Any) -> Any:
        """Leave true and false as they are."""
        return data if isinstance(data, bool) else super().to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        """Leave true and false as they are."""
        return value if isinstance(value, bool) else super().to_representation(value)


class ScheduledTaskSerializer(Row):
    parameters = serializers.DictField(
        child=Scalar(allow_blank=True), required=False, help_text="Como em task-types."
    )
    next_due_at = serializers.SerializerMethodField(label="próxima execução")

    class Meta:
        model = ScheduledTask
        fields = (
            "id", "task_type", "description", "frequency", "at_time", "weekday", "month_day",
            "every_minutes", "business_days_only", "is_active", "parameters", "next_due_at",
            "created_at", "updated_at",
        )  # fmt: skip
        extra_kwargs = {"description": {"required": False, "allow_blank": True}}

    def get_next_due_at(self, task: ScheduledTask) -> datetime | None:
        """Return when a task is due next, by its schedule alone."""
        due = next_due(schedule_of(task), clock.now()) if task.is_active else None
        return serializers.DateTimeField().to_representation(due) if due else None


class TaskRunSerializer(Row):
    requested_by_name = serializers.CharField(
        source="requested_by", read_only=True, allow_null=True
    )

    class Meta:
        model = TaskRun
        fields = (
            "id", "scheduled_task", "task_type", "description", "parameters", "status", "due_at",
            "requested_by", "requested_by_name", "created_at", "started_at", "finished_at",
            "attempts", "message", "result",
        )  # fmt: skip
