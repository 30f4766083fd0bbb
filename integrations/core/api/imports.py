"""Imports: asked for, watched, confirmed or given up."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.common import clock
from cobranca.common.api.filters import AnyOfFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.pagination import NewestFirst, StablePagination
from cobranca.common.api.views import Reads
from integrations.core import selectors
from integrations.core.api.serializers import (
    ImportInput,
    ImportIssueSerializer,
    ImportRunDetailSerializer,
    ImportRunSerializer,
)
from integrations.core.models import ImportRun
from integrations.core.registry import entry_for
from integrations.core.runs import services
from integrations.core.states import RunStatus
from integrations.core.tasks import ring_for


class ImportFilter(rest.FilterSet):
    creditor = NumberFilter(field_name="creditor_id")
    layout = rest.CharFilter()
    status = AnyOfFilter(choices=RunStatus.choices)
    full = TrueFalseFilter()
    dry_run = TrueFalseFilter()


class ImportViewSet(Reads):
    """Imports of portfolios, newest first."""

    about = "Importações de carteiras, da mais nova à mais antiga."
    model = ImportRun
    serializer_class = ImportRunSerializer
    detail_serializer_class = ImportRunDetailSerializer
    filterset_class = ImportFilter
    pagination_class = NewestFirst
    needs = {
        "confirm": ("integrations.change_importrun",),
        "cancel": ("integrations.change_importrun",),
        "issues": ("integrations.view_importissue",),
    }

    def rows(self) -> QuerySet[ImportRun]:
        """Return runs along with who asked for them."""
        return selectors.runs()

    @extend_schema(
        summary="Iniciar", request=ImportInput, responses={202: ImportRunDetailSerializer}
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put an import in the queue; ask for it by its id to see how far it is."""
        asked = ImportInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        layout = given.pop("layout", None) or entry_for(given["creditor"]).layouts[0][0]
        run = services.request_run(**given, layout=layout, now=clock.now(), actor=self.actor)
        ring_for(run)
        return Response(self.shown(run.pk), status=202)

    @extend_schema(summary="Confirmar as devoluções que esperam", request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Let the removals of a waiting batimento happen."""
        run = services.confirm_run(run_id=self.get_object().pk, actor=self.actor)
        ring_for(run)
        return Response(self.shown(run.pk))

    @extend_schema(summary="Desistir", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Give up a queued or waiting import."""
        run = services.cancel_run(run_id=self.get_object().pk, actor=self.actor)
        return Response(self.shown(run.pk))

    @extend_schema(summary="Listar as críticas", responses=ImportIssueSerializer(many=True))
    @action(
        detail=True,
        detail_serializer_class=None,
        filterset_class=None,
        pagination_class=StablePagination,
        serializer_class=ImportIssueSerializer,
    )
    def issues(self, request: Request, pk: str) -> Response:
        """List the rows set aside, in the order they were found."""
        return self.page_of(selectors.issues_of(self.get_object()))
