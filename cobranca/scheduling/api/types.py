"""Task types: what may be scheduled, and the parameters each takes."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from cobranca.common.api.serializers import Fields
from cobranca.common.api.views import Listed
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.registry import CHOICE, TEXT, YES_NO, TaskField, TaskType, task_types

KINDS = [(CHOICE, "Uma das opções"), (YES_NO, "Sim ou não"), (TEXT, "Texto")]


class OptionSerializer(Fields):
    value = serializers.CharField()
    label = serializers.CharField()


class TaskFieldSerializer(Fields):
    name = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    required = serializers.BooleanField()
    help = serializers.CharField()
    options = OptionSerializer(many=True)


class TaskTypeSerializer(Fields):
    code = serializers.CharField()
    label = serializers.CharField()
    fields_ = TaskFieldSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """Call the parameters `fields`, a name that serializers keep for themselves."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class TaskTypeViewSet(Listed):
    """What may be scheduled."""

    about = "Tipos de tarefa, com os parâmetros de cada um e as opções desta assessoria."
    model = ScheduledTask
    serializer_class = TaskTypeSerializer

    def lines(self) -> Sequence[dict[str, Any]]:
        """Return all task types."""
        return [self._line(kind) for kind in task_types()]

    def _line(self, kind: TaskType) -> dict[str, Any]:
        fields = [self._field(field) for field in kind.fields]
        return {"code": kind.code, "label": kind.label, "fields": fields}

    def _field(self, field: TaskField) -> dict[str, Any]:
        offered = field.choices(self.agency)
        return {
            "name": field.name,
            "label": field.label,
            "kind": field.kind,
            "required": field.required,
            "help": field.help,
            "options": [{"value": value, "label": label} for value, label in offered],
        }
