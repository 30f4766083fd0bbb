"""The work queue: its configuration, and what collectors do with it."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import TrueFalseFilter
from cobranca.common.api.serializers import Fields, read_query
from cobranca.common.api.views import Creates, Reads, Resource, Updates, changed
from cobranca.telecobranca.api import queue_fields as fields
from cobranca.telecobranca.models import DrawEnd, QueueEntry, WorkQueue
from cobranca.telecobranca.queue_reading import NARROWED_BY, spec_of
from cobranca.telecobranca.selectors_queue import held_by, preview, queue_size, why_next
from cobranca.telecobranca.services import queue, queues

WORKS = ("telecobranca.view_queueentry", "dunning.add_contactrecord")
CHANGES = ("telecobranca.change_workqueue",)


class WorkQueueFilter(rest.FilterSet):
    is_active = TrueFalseFilter()


class WorkQueueViewSet(Reads, Creates, Updates):
    """Queues."""

    about = (
        "Filas de trabalho: que devedores cada uma recebe e em que ordem os entrega. Cada devedor "
        "fica na primeira fila ativa, pela posição, cujos filtros aceita."
    )
    model = WorkQueue
    serializer_class = fields.WorkQueueSerializer
    filterset_class = WorkQueueFilter
    needs = {"rank": CHANGES, "preview": ("telecobranca.view_workqueue",)}

    def rows(self) -> QuerySet[WorkQueue]:
        """Return queues with what they are narrowed to."""
        return WorkQueue.objects.prefetch_related(*NARROWED_BY)

    def create_row(self, values: dict[str, Any]) -> WorkQueue:
        """Make a queue; unless told where, after the others."""
        chosen = _chosen(values)
        values.setdefault("position", queues.next_position(self.agency.pk))
        made = WorkQueue(agency=self.agency, **values)
        return queues.save_queue(queue=made, chosen=chosen, actor=self.actor)

    def update_row(self, row: WorkQueue, values: dict[str, Any]) -> WorkQueue:
        """Change a queue."""
        chosen = _chosen(values)
        return queues.save_queue(queue=changed(row, values), chosen=chosen, actor=self.actor)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a queue."""
        queues.delete_queue(queue=self.get_object(), actor=self.actor)
        return Response(status=204)

    @extend_schema(
        summary="Ver quem a fila teria",
        request=fields.WorkQueueSerializer,
        responses={200: fields.PreviewSerializer},
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell whom a queue would take as it is described; nothing is saved."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        chosen = _chosen(values)
        values.setdefault("position", queues.next_position(self.agency.pk))
        row = WorkQueue(agency=self.agency, **values)
        queues.check_queue(row)
        found = preview(spec_of(row, chosen), agency_id=self.agency.pk, on=clock.today())
        return Response(fields.PreviewSerializer(found).data)

    @extend_schema(summary="Ordenar agora", request=None, responses={200: fields.RankedSerializer})
    @action(detail=False, methods=["post"])
    def rank(self, request: Request) -> Response:
        """Rank every debtor of the agency anew."""
        ranked = queue.refresh_queue(self.agency.pk, clock.today(), clock.now())
        return Response(fields.RankedSerializer(ranked).data)


def _chosen(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.pop(name) for name in NARROWED_BY if name in values}


class QueueViewSet(Resource):
    """The collector's side of the queue."""

    about = (
        "A fila de quem cobra: o próximo devedor é de uma pessoa só, até ela o devolver, registrar "
        "o contato ou ficar parada."
    )
    model = QueueEntry
    serializer_class = fields.StandingSerializer
    pagination_class = None
    needs = {"list": ("telecobranca.view_queueentry",), "why": ("telecobranca.view_queueentry",),
             "next": WORKS, "release": WORKS, "renew": WORKS}  # fmt: skip

    @extend_schema(summary="Ver a fila", responses={200: fields.StandingSerializer}, filters=False)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell how many wait for the caller and whom they hold."""
        now = clock.now()
        found = {"size": queue_size(self.actor, now), "held": held_by(self.actor, now)}
        return Response(fields.StandingSerializer(found).data)

    @extend_schema(summary="Próximo devedor", request=None, responses={200: fields.NextSerializer})
    @action(detail=False, methods=["post"])
    def next(self, request: Request) -> Response:
        """Give the caller the next debtor; what they still held goes back, for later."""
        drawn = queue.next_debtor(self.actor, clock.now())
        return Response(fields.NextSerializer({"drawn": drawn}).data)

    @extend_schema(
        summary="Devolver um devedor",
        request=fields.DebtorIn,
        responses={200: fields.ReleasedSerializer},
    )
    @action(detail=False, methods=["post"])
    def release(self, request: Request) -> Response:
        """Give back a debtor whom the caller holds."""
        debtor = _debtor_in(request)
        gave = queue.release(debtor, at=clock.now(), ended_as=DrawEnd.RELEASED, only_of=self.actor)
        return Response({"debtor": debtor, "is_released": gave})

    @extend_schema(
        summary="Continuar com um devedor",
        request=fields.DebtorIn,
        responses={200: fields.RenewedSerializer},
    )
    @action(detail=False, methods=["post"])
    def renew(self, request: Request) -> Response:
        """Keep a debtor whom the caller holds for longer."""
        debtor = _debtor_in(request)
        until = queue.renew(debtor, collector=self.actor, at=clock.now())
        return Response(fields.RenewedSerializer({"debtor": debtor, "held_until": until}).data)

    @extend_schema(
        summary="Por que este devedor",
        parameters=[fields.DebtorQuery],
        responses={200: fields.WhySerializer},
        filters=False,
    )
    @action(detail=False)
    def why(self, request: Request) -> Response:
        """Tell why a debtor comes when they come."""
        found = why_next(read_query(request, fields.DebtorQuery)["debtor"], on=clock.today())
        if found is None:
            raise NotFound
        return Response(fields.WhySerializer(found).data)


def _debtor_in(request: Request) -> int:
    given: Fields = fields.DebtorIn(data=request.data)
    given.is_valid(raise_exception=True)
    return int(given.validated_data["debtor"].pk)
