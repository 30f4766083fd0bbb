"""REST: what waits to leave, and what a person decides about it."""

from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from cobranca.common import clock
from cobranca.common.api.filters import AnyOfFilter
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Row
from cobranca.common.api.views import Reads
from cobranca.outbox import services
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.states import DeliveryStatus


class OutboxEventSerializer(Row):
    class Meta:
        model = OutboxEvent
        fields = (
            "id", "topic", "idempotency_key", "status", "attempts", "due_at", "created_at",
            "delivered_at", "error",
        )  # fmt: skip


class OutboxEventFilter(rest.FilterSet):
    topic = rest.CharFilter()
    status = AnyOfFilter(choices=DeliveryStatus.choices)


class OutboxEventViewSet(Reads):
    """Deliveries, newest first."""

    about = "Saídas: o que esta assessoria tem a entregar a outros sistemas e caixas postais."
    model = OutboxEvent
    serializer_class = OutboxEventSerializer
    filterset_class = OutboxEventFilter
    pagination_class = NewestFirst
    needs = dict.fromkeys(("retry", "discard"), ("outbox.change_outboxevent",))

    @extend_schema(summary="Tentar outra vez", request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try a parked delivery again."""
        row = self.get_object()
        services.retry(event_id=row.pk, actor=self.actor, now=clock.now())
        return Response(self.shown(row.pk))

    @extend_schema(summary="Descartar", request=None)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Give a delivery up."""
        row = self.get_object()
        services.discard(event_id=row.pk, actor=self.actor)
        return Response(self.shown(row.pk))


router = SimpleRouter()
router.register("outbox-events", OutboxEventViewSet, basename="outbox-events")
api_urls = router.urls
