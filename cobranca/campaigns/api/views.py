"""Campaigns and indices."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.campaigns import services
from cobranca.campaigns.api.serializers import (
    CampaignSerializer,
    IndexSeriesSerializer,
    IndexValueSerializer,
    IndexValuesInput,
    SavedSerializer,
)
from cobranca.campaigns.models import Campaign, IndexSeries, IndexValue
from cobranca.campaigns.selectors import series_with_extent
from cobranca.common.api.filters import DateFilter, NumberFilter, TrueFalseFilter
from cobranca.common.api.serializers import validated
from cobranca.common.api.views import Creates, Reads, Updates, changed

Told = Sequence[dict[str, Any]]
Tables = dict[str, Told | None]


class CampaignFilter(rest.FilterSet):
    creditor = NumberFilter(field_name="creditor_id")
    is_active = TrueFalseFilter()
    is_portal = TrueFalseFilter()
    valid_on = DateFilter(method="filter_valid_on", label="Vigentes no dia.")

    def filter_valid_on(self, rows: QuerySet[Campaign], name: str, day: Any) -> Any:
        """Keep the campaigns valid on a day."""
        return rows.filter(valid_from__lte=day).exclude(valid_to__lt=day)


class CampaignViewSet(Reads, Creates, Updates):
    """Campaigns with their brackets."""

    about = (
        "Campanhas de cálculo com as suas faixas. Uma tabela de faixas enviada substitui a que "
        "está gravada; a que não é enviada fica como está."
    )
    model = Campaign
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter

    def rows(self) -> QuerySet[Campaign]:
        """Return campaigns along with their brackets."""
        return Campaign.objects.prefetch_related("cash_brackets", "instalment_brackets")

    def create_row(self, values: dict[str, Any]) -> Campaign:
        """Register a campaign."""
        told = _tables(values)
        return self._saved(Campaign(agency=self.agency, **values), told)

    def update_row(self, row: Campaign, values: dict[str, Any]) -> Campaign:
        """Change a campaign."""
        told = _tables(values)
        return self._saved(changed(row, values), told)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a campaign that no calculation names."""
        services.delete_campaign(campaign=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @transaction.atomic
    def _saved(self, campaign: Campaign, told: Tables) -> Campaign:
        services.save_campaign(campaign=campaign, actor=self.actor)
        cash, instalments = (_rows(campaign, table, told[table.name]) for table in services.TABLES)
        try:
            services.save_brackets(
                campaign=campaign, cash=cash, instalments=instalments, actor=self.actor
            )
        except services.BracketsRefusedError as error:
            raise ValidationError(_by_row(error)) from error
        return campaign


def _tables(values: dict[str, Any]) -> Tables:
    """Take the tables out of what was told; None for one that was not."""
    return {table.name: values.pop(table.name, None) for table in services.TABLES}


def _rows(campaign: Campaign, table: services.Table, told: Told | None) -> list[Any] | None:
    """Return a told table as rows: those with a known key changed, the others new."""
    if told is None:
        return None
    stored = {row.pk: row for row in table.model.objects.filter(campaign=campaign)}
    return [
        changed(stored[row["id"]], row) if row.get("id") in stored else table.model(**row)
        for row in told
    ]


def _by_row(error: services.BracketsRefusedError) -> dict[str, Any]:
    """Return what is wrong by table, number of the row and field."""
    rows: dict[str, dict[str, list[str]]] = {}
    for problem in error.problems:
        row = rows.setdefault(str(problem.row), {})
        row.setdefault(problem.field, []).append(problem.message)
    return {error.table.name: rows}


class IndexSeriesFilter(rest.FilterSet):
    name = rest.CharFilter()
    sgs_code = NumberFilter()


class IndexValueFilter(rest.FilterSet):
    since = DateFilter(field_name="month", lookup_expr="gte", label="A partir deste dia.")
    until = DateFilter(field_name="month", lookup_expr="lte", label="Até este dia.")


class IndexSeriesViewSet(Reads, Creates, Updates):
    """Indices of correction and their months."""

    about = "Índices de correção e os seus valores mensais."
    model = IndexSeries
    serializer_class = IndexSeriesSerializer
    filterset_class = IndexSeriesFilter
    needs = {
        "values": ("campaigns.view_indexvalue",),
        "save_values": ("campaigns.add_indexvalue", "campaigns.change_indexvalue"),
    }

    def rows(self) -> QuerySet[IndexSeries]:
        """Return indices with how far they go."""
        return series_with_extent(self.agency)

    def create_row(self, values: dict[str, Any]) -> IndexSeries:
        """Register an index."""
        return self._saved(IndexSeries(agency=self.agency, **values))

    def update_row(self, row: IndexSeries, values: dict[str, Any]) -> IndexSeries:
        """Change an index."""
        return self._saved(changed(row, values))

    def _saved(self, series: IndexSeries) -> IndexSeries:
        return services.save_index_series(series=validated(series), actor=self.actor)

    @extend_schema(summary="Listar os valores", responses=IndexValueSerializer(many=True))
    @action(detail=True, filterset_class=IndexValueFilter, serializer_class=IndexValueSerializer)
    def values(self, request: Request, pk: str) -> Response:
        """List the months of an index, oldest first."""
        return self.page_of(IndexValue.objects.filter(series=self.get_object()).order_by("month"))

    @extend_schema(
        summary="Gravar valores", request=IndexValuesInput, responses={200: SavedSerializer}
    )
    @values.mapping.post
    def save_values(self, request: Request, pk: str) -> Response:
        """Store months; those that are there get the new value."""
        series = self.get_object()
        given = IndexValuesInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = {row["month"]: row["value"] for row in given.validated_data["values"]}
        if len(values) < len(given.validated_data["values"]):
            raise ValidationError({"values": ["Há meses repetidos."]})
        saved = services.save_index_values(series, values, services.FROM_API, actor=self.actor)
        return Response(SavedSerializer(saved._asdict()).data)
