"""Boards over REST."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.accounts.models import Team
from cobranca.common import clock
from cobranca.common.api.serializers import read_query
from cobranca.common.api.views import Listed, Resource
from cobranca.reports.api.serializers import (
    SPELLED,
    TOLD_BY,
    DashboardFilters,
    DashboardName,
    DashboardOut,
    told,
)
from cobranca.reports.boards import BY_NAME, KINDS, PERIOD, Kind
from cobranca.reports.forms import Around, FilterForm, names_of
from cobranca.reports.periods import months_back
from cobranca.reports.personal import own_board

SEES = ("accounts.view_dashboards",)
BOARD = OpenApiParameter("board", str, OpenApiParameter.PATH, enum=[k.name for k in KINDS.values()])


class Asking(Resource):
    """What every dashboard resource does: reads filters as the screen does, or refuses them."""

    model = Team
    serializer_class = DashboardOut

    def asked(self, around: Around, asked: frozenset[str], given: dict[str, Any]) -> FilterForm:
        """Return the filters of the query string; refuse what is wrong or means nothing here."""
        spelled = {SPELLED[name]: str(value) for name, value in given.items()}
        offered = {name for each in asked for name in names_of(each)}
        if strange := sorted(TOLD_BY[name] for name in spelled if name not in offered):
            raise ValidationError({name: ["Este painel não tem este filtro."] for name in strange})
        form = FilterForm(spelled, agency=self.agency, on=clock.today(), around=around, asked=asked)
        if form.errors:
            raise ValidationError({TOLD_BY.get(n, n): list(e) for n, e in form.errors.items()})
        return form


class DashboardViewSet(Asking, Listed):
    """Dashboards."""

    about = "Painéis: os mesmos números e filtros da tela, contados na hora."
    needs = {"list": SEES, "retrieve": SEES}

    def lines(self) -> list[dict[str, Any]]:
        """Return which boards there are."""
        return [
            {
                "name": kind.name,
                "title": kind.title,
                "asks": kind.asks,
                "filters": [TOLD_BY[n] for each in sorted(kind.filters) for n in names_of(each)],
            }
            for kind in KINDS.values()
        ]

    @extend_schema(summary="Listar os painéis", responses=DashboardName(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer which boards there are."""
        page = self.paginate_queryset(self.lines())
        return self.get_paginated_response(DashboardName(page, many=True).data)

    @extend_schema(summary="Consultar um painel", parameters=[BOARD, DashboardFilters])
    def retrieve(self, request: Request, board: str) -> Response:
        """Answer one board."""
        kind = _kind(board)
        given = read_query(request, DashboardFilters)
        filters = self.asked(kind.period_around, kind.filters, given).filters()
        built = kind.build(self.agency, filters, clock.now())
        return Response(DashboardOut(told(kind.name, kind.title, built, filters)).data)


class OwnDashboardViewSet(Asking):
    """A collector's own figures."""

    about = "O desempenho de quem chama."
    needs = {"list": ("dunning.add_contactrecord",)}
    pagination_class = None

    @extend_schema(
        summary="Consultar o próprio desempenho",
        operation_id="dashboards_mine",
        parameters=[DashboardFilters],
        responses=DashboardOut,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer the figures of whoever asks."""
        given = read_query(request, DashboardFilters)
        form = self.asked(lambda on: (months_back(on, 2), on), frozenset({PERIOD}), given)
        filters = form.filters(collector=self.actor.pk)
        built = own_board(filters, clock.now())
        return Response(DashboardOut(told("mine", "Meu desempenho", built, filters)).data)


def _kind(name: str) -> Kind:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]
