"""Scheduled tasks, run now if wanted, and the history of what ran."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import AnyOfFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.views import Creates, Reads, Updates, changed
from cobranca.common.errors import DomainError
from cobranca.scheduling import services
from cobranca.scheduling.api.serializers import ScheduledTaskSerializer, TaskRunSerializer
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.registry import task_type
from cobranca.scheduling.selectors import with_holidays
from cobranca.scheduling.states import Frequency, RunStatus


class ScheduledTaskFilter(rest.FilterSet):
    task_type = rest.CharFilter()
    frequency = AnyOfFilter(choices=Frequency.choices)
    is_active = TrueFalseFilter()


class ScheduledTaskViewSet(Reads, Creates, Updates):
    """Scheduled tasks."""

    about = "Tarefas agendadas. As execuções de uma tarefa excluída continuam no histórico."
    model = ScheduledTask
    serializer_class = ScheduledTaskSerializer
    filterset_class = ScheduledTaskFilter
    needs = {
        "run_now": ("scheduling.view_scheduledtask", "scheduling.add_taskrun"),
        "runs": ("scheduling.view_taskrun",),
    }

    def rows(self) -> QuerySet[ScheduledTask]:
        """Return tasks along with the agency, whose holidays count."""
        return with_holidays(ScheduledTask.objects.all())

    def create_row(self, values: dict[str, Any]) -> ScheduledTask:
        """Schedule a task."""
        parameters = values.pop("parameters", {})
        return self._saved(ScheduledTask(agency=self.agency, **values), parameters)

    def update_row(self, row: ScheduledTask, values: dict[str, Any]) -> ScheduledTask:
        """Change a task; parameters that are not told stay."""
        parameters = values.pop("parameters", row.parameters)
        return self._saved(changed(row, values), parameters)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a task."""
        services.delete_task(task=self.get_object(), actor=self.actor)
        return Response(status=204)

    @extend_schema(summary="Executar agora", request=None, responses={202: TaskRunSerializer})
    @action(detail=True, methods=["post"], url_path="run-now")
    def run_now(self, request: Request, pk: str) -> Response:
        """Put a run of the task in the queue."""
        run = services.run_now(task=self.get_object(), actor=self.actor, now=clock.now())
        run.refresh_from_db()
        return Response(TaskRunSerializer(run).data, status=202)

    @extend_schema(summary="Listar as execuções", responses=TaskRunSerializer(many=True))
    @action(
        detail=True,
        filterset_class=None,
        pagination_class=NewestFirst,
        serializer_class=TaskRunSerializer,
    )
    def runs(self, request: Request, pk: str) -> Response:
        """List what the task ran, newest first."""
        return self.page_of(self.get_object().runs.select_related("requested_by"))

    def _saved(self, task: ScheduledTask, parameters: Mapping[str, Any]) -> ScheduledTask:
        names = {field.name for field in task_type(task.task_type).fields}
        if strange := sorted(set(parameters) - names):
            message = ["Parâmetro desconhecido."]
            raise ValidationError({"parameters": dict.fromkeys(strange, message)})
        try:
            return services.save_task(
                task=task, parameters=parameters, actor=self.actor, now=clock.now()
            )
        except DomainError as error:
            if error.field in names:
                raise DomainError(error.message, f"parameters.{error.field}") from error
            raise


class TaskRunFilter(rest.FilterSet):
    scheduled_task = NumberFilter(field_name="scheduled_task_id")
    task_type = rest.CharFilter()
    status = AnyOfFilter(choices=RunStatus.choices)


class TaskRunViewSet(Reads):
    """What ran, newest first."""

    about = "Execuções de tarefas, da mais nova à mais antiga."
    model = TaskRun
    serializer_class = TaskRunSerializer
    filterset_class = TaskRunFilter
    pagination_class = NewestFirst

    def rows(self) -> QuerySet[TaskRun]:
        """Return runs along with who asked for them."""
        return TaskRun.objects.select_related("requested_by")
