"""Boards on the wire: the same figures, tables and filters as on the screen."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cobranca.common.api.serializers import Fields
from cobranca.reports.board import Board, Chart, Line
from cobranca.reports.filters import Filters
from cobranca.reports.periods import MONTH, WEEK

KINDS = [
    ("text", "Texto"),
    ("whole", "Número inteiro"),
    ("money", "Dinheiro"),
    ("percent", "Porcentagem"),
    ("hours", "Horas"),
    ("day", "Dia"),
    ("moment", "Instante"),
]
STEPS = [(WEEK, "Semana"), (MONTH, "Mês")]


class DashboardFilters(Fields):
    """The names that the API gives to the filters of the screen."""

    start = serializers.DateField(required=False, help_text="Primeiro dia do período.")
    end = serializers.DateField(required=False, help_text="Último dia do período, incluído.")
    step = serializers.ChoiceField(STEPS, required=False)
    creditor = serializers.IntegerField(required=False, min_value=0)
    branch = serializers.IntegerField(required=False, min_value=0, help_text="0: sem filial.")
    team = serializers.IntegerField(required=False, min_value=0)
    collector = serializers.IntegerField(required=False, min_value=0, help_text="0: ninguém.")


# The API's name of a filter → the screen's.
SPELLED = {
    "start": "de",
    "end": "ate",
    "step": "por",
    "creditor": "credor",
    "branch": "filial",
    "team": "equipe",
    "collector": "cobrador",
}
TOLD_BY = {screen: wire for wire, screen in SPELLED.items()}


class DashboardName(Fields):
    name = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField(source="asks")
    filters = serializers.ListField(child=serializers.CharField())


class FilterOut(Fields):
    start = serializers.DateField()
    end = serializers.DateField()
    step = serializers.ChoiceField(STEPS)
    creditor = serializers.IntegerField(allow_null=True)
    branch = serializers.IntegerField(allow_null=True)
    team = serializers.IntegerField(allow_null=True)
    collector = serializers.IntegerField(allow_null=True)


class FigureOut(Fields):
    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    value = serializers.JSONField(
        allow_null=True, help_text='Dinheiro e porcentagem são textos: "1095.58".'
    )


class ColumnOut(Fields):
    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)


@extend_schema_serializer(component_name="BoardLine")
class LineOut(Fields):
    key = serializers.CharField()
    label = serializers.CharField()
    values = serializers.DictField(
        child=serializers.JSONField(), help_text="Número, texto ou vazio, pelo tipo da coluna."
    )


class TableOut(Fields):
    key = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    columns = ColumnOut(many=True)
    rows = LineOut(many=True)
    total = LineOut(allow_null=True)


class DashboardOut(Fields):
    name = serializers.CharField()
    title = serializers.CharField()
    computed_at = serializers.DateTimeField()
    filters = FilterOut()
    summary = serializers.CharField()
    figures = FigureOut(many=True)
    tables = TableOut(many=True)


class DashboardListRow(Fields):
    key = serializers.IntegerField()
    day = serializers.DateField()
    debtor = serializers.IntegerField(source="debtor_id", allow_null=True)
    contract = serializers.IntegerField(source="contract_id", allow_null=True)
    creditor = serializers.IntegerField(source="creditor_id", allow_null=True)
    branch = serializers.IntegerField(source="branch_id", allow_null=True)
    installment = serializers.IntegerField(source="number", allow_null=True)
    amount = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    details = serializers.DictField(child=serializers.JSONField(allow_null=True))


def told(name: str, title: str, board: Board, filters: Filters) -> dict[str, Any]:
    """Return a board in plain values."""
    return {
        "name": name,
        "title": title,
        "computed_at": board.at,
        "filters": filters,
        "summary": board.says,
        "figures": [
            {"key": f.key, "label": f.label, "kind": f.kind, "value": plain(f.value)}
            for f in board.figures
        ],
        "tables": [_table(chart) for chart in board.charts],
    }


def _table(chart: Chart) -> dict[str, Any]:
    return {
        "key": chart.key,
        "title": chart.title,
        "summary": chart.says,
        "columns": chart.series,
        "rows": [_line(line) for line in chart.lines],
        "total": _line(chart.total) if chart.total else None,
    }


def _line(line: Line) -> dict[str, Any]:
    values: Mapping[str, Any] = {key: plain(value) for key, value in line.values.items()}
    return {"key": line.key, "label": line.label, "values": values}


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it exact: numbers with decimals and days as text."""
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
