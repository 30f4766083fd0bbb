"""What a board says: figures, charts with their tables, each with the list behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cobranca.reports.facts import Fact
from cobranca.reports.facts.fact import MONEY, PERCENT, TEXT, WHOLE
from cobranca.reports.filters import Filters

# How a chart is drawn.
COLUMNS, BARS, LINES, NONE = "columns", "bars", "lines", "none"
# What colours mean, as in tables: green settled, amber old or waiting, red failed, blue in hand.
GOOD, WAITING, BAD, MAIN, QUIET = "good", "wait", "bad", "main", "quiet"
HUNDRED = Decimal(100)
PERIOD = ("de", "ate")
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Figure:
    """One number; None when there is nothing to compute it from."""

    key: str
    label: str
    value: Any
    kind: str = WHOLE
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Series:
    """One column of a chart's table; drawn in a colour, or only written."""

    key: str
    label: str
    kind: str = WHOLE
    colour: str = ""
    # Drawn below the line that the others stand on.
    is_down: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a chart's table: a week, a band, a collector."""

    key: str
    label: str
    values: Mapping[str, Any]
    urls: Mapping[str, str] = field(default_factory=dict)
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """A figure with its heading, the sentence that says what it shows, and its table."""

    key: str
    title: str
    says: str
    head: str
    series: Sequence[Series]
    lines: Sequence[Line]
    drawing: str = BARS
    total: Line | None = None

    @property
    def drawn(self) -> list[Series]:
        """The columns that are drawn."""
        return [each for each in self.series if each.colour]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not any(line.values.get(s.key) for line in self.lines for s in self.drawn)


@dataclass(frozen=True)
class Board:
    """One dashboard as it was computed at an instant."""

    says: str
    figures: Sequence[Figure]
    charts: Sequence[Chart]
    at: datetime

    def chart(self, key: str) -> Chart | None:
        """Return one of its charts."""
        return next((chart for chart in self.charts if chart.key == key), None)


def list_url(fact: Fact, filters: Filters, **narrowed: Any) -> str:
    """Return the address of the rows behind a figure.

    `narrowed` takes the place of filters of the same name, or is added to them.
    """
    asked = {**filters.query(), **{name: str(value) for name, value in narrowed.items()}}
    if fact.is_of_now:
        asked = {name: value for name, value in asked.items() if name not in PERIOD}
    return f"{reverse('reports:list', args=[fact.slug])}?{urlencode(asked)}"


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return what percentage of `whole` is `part`, to a tenth; None of nothing."""
    if not whole:
        return None
    return (HUNDRED * Decimal(part) / Decimal(whole)).quantize(TENTH)


def percent_text(value: Decimal | None) -> str:
    """Write a percentage: 12,5 %; an en dash when there is none."""
    if value is None:
        return "–"
    text = f"{value:.1f}".replace(".", ",")
    return f"{text.removesuffix(',0')} %"


def plural(number: int, one: str, many: str) -> str:
    """Write a number of things: 1 parcela, 1.234 parcelas."""
    return f"{number:,} {one if number == 1 else many}".replace(",", ".")


def change_text(now: Decimal, then: Decimal, what: str) -> str:
    """Say how an amount compares with an earlier one."""
    if not then:
        return f"sem valor {what} para comparar" if now else ""
    change = percent(abs(now - then), then)
    if now == then:
        return f"o mesmo que {what}"
    return f"{percent_text(change)} a {'mais' if now > then else 'menos'} que {what}"


__all__ = [
    "BAD",
    "BARS",
    "COLUMNS",
    "GOOD",
    "LINES",
    "MAIN",
    "MONEY",
    "NONE",
    "PERCENT",
    "QUIET",
    "TEXT",
    "WAITING",
    "WHOLE",
    "Board",
    "Chart",
    "Figure",
    "Line",
    "Series",
    "change_text",
    "list_url",
    "percent",
    "percent_text",
    "plural",
]
