"""Announcements of other systems: looked at, processed again, given up."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import AnyOfFilter, DateFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Reads
from integrations.core import privacy
from integrations.core.inbox import selectors
from integrations.core.inbox.moves import people
from integrations.core.models import WebhookDelivery
from integrations.core.states import DeliveryStatus


class WebhookDeliverySerializer(Row):
    class Meta:
        model = WebhookDelivery
        fields: tuple[str, ...] = (
            "id", "system", "key", "event", "hook", "contract", "installment", "sale", "customer",
            "status", "outcome", "error", "repeats", "attempts", "received_at", "due_at",
            "processed_at",
        )  # fmt: skip


class WebhookDeliveryDetailSerializer(WebhookDeliverySerializer):
    body = serializers.SerializerMethodField(label="conteúdo")

    class Meta(WebhookDeliverySerializer.Meta):
        fields = (*WebhookDeliverySerializer.Meta.fields, "body")

    def get_body(self, row: WebhookDelivery) -> str:
        """Return what came, as the caller may see it."""
        return privacy.shown(selectors.body_shown(row), self.context["request"].user)


class WebhookDeliveryFilter(rest.FilterSet):
    """The filters of the screen, applied by the same selector."""

    start = DateFilter(label="Recebidos do dia.")
    end = DateFilter(label="Até o dia.")
    event = rest.CharFilter()
    status = AnyOfFilter(choices=DeliveryStatus.choices)
    only_errors = TrueFalseFilter(label="Somente com erros.")
    terms = rest.CharFilter(label="Título, contrato de venda, identificador, parte do conteúdo.")

    def filter_queryset(self, queryset: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        """Narrow to the announcements asked for."""
        return selectors.deliveries(self.form.cleaned_data)


class WebhookDeliveryViewSet(Reads):
    """Announcements, newest first; one alone shows its body."""

    about = "Avisos (webhooks) recebidos, do mais novo ao mais antigo; um só mostra o conteúdo."
    model = WebhookDelivery
    serializer_class = WebhookDeliverySerializer
    detail_serializer_class = WebhookDeliveryDetailSerializer
    filterset_class = WebhookDeliveryFilter
    pagination_class = NewestFirst
    needs = {
        "retry": ("integrations.change_webhookdelivery",),
        "discard": ("integrations.change_webhookdelivery",),
    }

    def rows(self) -> QuerySet[Any]:
        """Return announcements."""
        return WebhookDelivery.objects.all()

    @extend_schema(summary="Processar de novo", request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Have an announcement processed now, with all its attempts."""
        row = self.get_object()
        people.retry(delivery_id=row.pk, actor=self.actor, now=clock.now())
        return Response(self.shown(row.pk))

    @extend_schema(summary="Descartar", request=None)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Give up an announcement that waits."""
        row = self.get_object()
        people.discard(delivery_id=row.pk, actor=self.actor, now=clock.now())
        return Response(self.shown(row.pk))
