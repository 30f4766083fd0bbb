"""The rows behind figures, over REST."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from cobranca.common.api.pagination import PAGING
from cobranca.common.api.serializers import read_query
from cobranca.reports.api.serializers import DashboardFilters, DashboardListRow, plain
from cobranca.reports.api.views import SEES, Asking
from cobranca.reports.boards import PERIOD, PERSON
from cobranca.reports.facts import FACTS, Fact
from cobranca.reports.forms import EVERY_FILTER
from cobranca.reports.listing import Asked, list_page, narrowings_of
from cobranca.reports.periods import months_back

LISTING = OpenApiParameter("listing", str, OpenApiParameter.PATH, enum=list(FACTS))
MOST, USUAL = 500, 100
# What a choice of a list is called over REST.
CHOICES = {
    "faixa": "band",
    "situacao": "status",
    "origem": "origin",
    "canal": "channel",
    "sentido": "way",
    "efetivo": "effective",
    "motivo": "move",
}
COMMON = {"key", "day", "debtor_id", "contract_id", "creditor_id", "branch_id", "number", "amount"}
NAMES = {"debtor", "contract", "creditor", "branch"}


class ListQuery(DashboardFilters):
    cursor = serializers.CharField(required=False, help_text="Vem pronto em `next`.")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MOST)
    band = serializers.CharField(required=False)
    status = serializers.CharField(required=False)
    origin = serializers.CharField(required=False)
    channel = serializers.CharField(required=False)
    way = serializers.CharField(required=False)
    effective = serializers.CharField(required=False)
    move = serializers.CharField(required=False)


class DashboardListViewSet(Asking):
    """Rows behind the figures of boards."""

    about = "As linhas que um número dos painéis conta, página a página, por chave."
    serializer_class = DashboardListRow
    needs = {"list": (*SEES, "debtors.view_debtor", "contracts.view_installment")}

    @extend_schema(
        summary="Listar o que um número conta",
        operation_id="dashboards_lists",
        parameters=[LISTING, ListQuery],
        responses=DashboardListRow(many=True),
    )
    def list(self, request: Request, listing: str) -> Response:
        """Answer one page of a list."""
        if listing not in FACTS:
            raise Http404
        fact, query = FACTS[listing], read_query(request, ListQuery)
        given = {n: v for n, v in query.items() if n in DashboardFilters().fields}
        none = {PERSON} if not fact.is_of_people else set()
        none |= {PERIOD} if fact.is_of_now else set()
        form = self.asked(
            lambda on: (months_back(on, 2), on), frozenset(EVERY_FILTER - none), given
        )
        asked = Asked(fact, form.filters(), _narrowed(fact, query))
        page = list_page(asked, query.get("cursor", ""), query.get("page_size", USUAL))
        here = request.build_absolute_uri()
        following = replace_query_param(here, PAGING[0], page.after) if page.after else None
        rows = [{**row, "details": _details(row)} for row in page.rows]
        return Response(
            {
                "next": following,
                "previous": None,
                "results": DashboardListRow(rows, many=True).data,
            }
        )


def _narrowed(fact: Fact, query: dict[str, Any]) -> dict[str, str]:
    words = {name: query[wire] for name, wire in CHOICES.items() if wire in query}
    known = narrowings_of(fact, words)
    if strange := sorted(CHOICES[name] for name in words if name not in known):
        told = {
            name: ["Esta lista não tem este filtro, ou não com este valor."] for name in strange
        }
        raise serializers.ValidationError(told)
    return known


def _details(row: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in row.items() if name not in COMMON | NAMES}
    return {name: plain(value) for name, value in own.items()}
