"""How boards are drawn and written."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template

from cobranca.common import clock
from cobranca.reports import charts
from cobranca.reports.board import COLUMNS, LINES, Chart, Figure, Line, Series
from cobranca.reports.facts.fact import MONEY, PERCENT, WHOLE

register = template.Library()
NUMBERS = (WHOLE, MONEY, PERCENT, "hours")
_DRAWN = {COLUMNS: charts.columns, LINES: charts.lines}


@register.inclusion_tag("reports/_drawing.html")
def drawing(chart: Chart) -> dict[str, Any]:
    """Draw a chart; what it says is in its table as well, so that it is hidden from readers."""
    upright = _DRAWN.get(chart.drawing)
    return {
        "chart": chart,
        "upright": upright(chart) if upright and not chart.is_empty else None,
        "rows": charts.rows(chart) if upright is None and not chart.is_empty else (),
    }


@register.filter
def shown(value: Any, kind: str) -> str:
    """Write a cell as its kind is written."""
    if kind in NUMBERS:
        return charts.exact(value, kind)
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{clock.office_time(value):%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


@register.filter
def headline(figure: Figure) -> str:
    """Write a figure's number: R$ 1.234,56."""
    text = charts.exact(figure.value, figure.kind)
    return f"R$ {text}" if figure.kind == MONEY and isinstance(figure.value, Decimal) else text


@register.filter
def unbroken(sentence: str) -> str:
    """Keep signs with their numbers where a line ends: R$ 1,00 and 12 %."""
    return sentence.replace("R$ ", "R$\N{NO-BREAK SPACE}").replace(" %", "\N{NO-BREAK SPACE}%")


@register.filter
def is_number(kind: str) -> bool:
    """Tell whether a column is aligned right."""
    return kind in NUMBERS


@register.simple_tag
def cell(line: Line, series: Series) -> str:
    """Write what a line says in a column."""
    return shown(line.values.get(series.key), series.kind)


@register.simple_tag
def cell_url(line: Line, series: Series) -> str:
    """Return the address of the rows behind a cell; "" when there is none."""
    value = line.values.get(series.key)
    return line.urls.get(series.key, "") if value else ""


@register.filter
def of_row(row: dict[str, Any], key: str) -> Any:
    """Return a row's value."""
    return row.get(key)
