"""What is written into ERPs, step by step (SIE-21)."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from rest_framework import serializers

from cobranca.common.api.filters import AnyOfFilter, NumberFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Reads
from integrations.core.models import ErpOperation, ErpOperationStep
from integrations.core.operations import reading
from integrations.core.states import OperationStep


class StepSerializer(Row):
    class Meta:
        model = ErpOperationStep
        fields = ("step", "message", "at")


class ErpOperationSerializer(Row):
    contract_number = serializers.CharField(source="contract.number", read_only=True)

    class Meta:
        model = ErpOperation
        fields: tuple[str, ...] = (
            "id", "key", "kind", "system", "creditor", "contract", "contract_number", "step",
            "message", "external_id", "attempts", "created_at", "updated_at",
        )  # fmt: skip


class ErpOperationDetailSerializer(ErpOperationSerializer):
    steps = StepSerializer(many=True, read_only=True, label="etapas")

    class Meta(ErpOperationSerializer.Meta):
        fields = (*ErpOperationSerializer.Meta.fields, "order", "answer", "steps")


class ErpOperationFilter(rest.FilterSet):
    creditor = NumberFilter(field_name="creditor_id")
    contract = NumberFilter(field_name="contract_id")
    key = rest.CharFilter()
    step = AnyOfFilter(choices=OperationStep.choices)


class ErpOperationViewSet(Reads):
    """Writes into ERPs, newest first; one alone shows its steps and what was sent."""

    about = "Gravações nos ERPs, da mais nova à mais antiga; uma só mostra as etapas e o pedido."
    model = ErpOperation
    serializer_class = ErpOperationSerializer
    detail_serializer_class = ErpOperationDetailSerializer
    filterset_class = ErpOperationFilter
    pagination_class = NewestFirst

    def rows(self) -> QuerySet[Any]:
        """Return writes."""
        return reading.operations() if self.action == "list" else reading.operation_detail()
