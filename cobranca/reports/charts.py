"""Charts as geometry for SVG: widths in per cent of the drawing, heights in pixels.

Nothing is scaled: text keeps its size on any screen and on paper, and bars are as wide as there
is room (docs/decisions/0010-charts.md). Bars begin at zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import Any

from cobranca.reports.board import MAIN, Chart, Line, Series
from cobranca.reports.facts.fact import MONEY, PERCENT

PLOT = 168
# Above the highest and below the lowest bar, for what it amounts to.
ROOM = 20
# Where the names of weeks and months are written.
FOOT = 22
# With fewer columns than this a bar would be a slab.
LEAST_SLOTS = 6
FILLED = 0.68
# How many numbers fit side by side: on a desk, on a phone.
MOST_LABELS, MOST_NARROW = 13, 5
MILLION, THOUSAND = Decimal(1_000_000), Decimal(1_000)


@dataclass(frozen=True)
class Rect:
    """One bar, or a part of one."""

    x: str
    y: str
    width: str
    height: str
    colour: str
    title: str
    url: str = ""


@dataclass(frozen=True)
class Text:
    """A number at its bar, or a name below it; `shown` says on which screens."""

    x: str
    y: str
    text: str
    shown: str = ""


@dataclass(frozen=True)
class Segment:
    """A piece of a line."""

    x1: str
    y1: str
    x2: str
    y2: str
    colour: str


@dataclass(frozen=True)
class Drawing:
    """Everything of a columns or lines chart; `base` is where zero is."""

    height: int
    base: str
    rects: Sequence[Rect] = ()
    segments: Sequence[Segment] = ()
    dots: Sequence[Rect] = ()
    texts: Sequence[Text] = ()
    names: Sequence[Text] = ()


@dataclass(frozen=True)
class Row:
    """One horizontal bar: its name, its parts, what it amounts to."""

    label: str
    parts: Sequence[Rect]
    text: str
    url: str = ""


def short(value: Any, kind: str) -> str:
    """Write a number as briefly as a bar's label needs: 1,2 mi, 845 mil, 12,5 %."""
    if value is None:
        return "–"
    if kind == PERCENT:
        return f"{_comma(Decimal(value), 0 if value >= 10 else 1)} %"
    number = Decimal(value)
    if abs(number) >= MILLION:
        return f"{_comma(number / MILLION, 1 if abs(number) < 100 * MILLION else 0)} mi"
    if abs(number) >= 10 * THOUSAND:
        return f"{_comma(number / THOUSAND, 0)} mil"
    if abs(number) >= THOUSAND:
        return f"{_comma(number / THOUSAND, 1)} mil"
    return _comma(number, 0)


def _comma(number: Decimal, places: int) -> str:
    text = f"{number:.{places}f}".replace(".", ",")
    return text.removesuffix(",0")


def columns(chart: Chart) -> Drawing:
    """Return upright bars side by side, series stacked; some may stand below the line."""
    ups = [series for series in chart.drawn if not series.is_down]
    downs = [series for series in chart.drawn if series.is_down]
    top = max((_sum(line, ups) for line in chart.lines), default=Decimal(0))
    bottom = max((_sum(line, downs) for line in chart.lines), default=Decimal(0))
    base = ROOM + (PLOT * top / (top + bottom) if top + bottom else Decimal(PLOT))
    scale = PLOT / (top + bottom) if top + bottom else Decimal(0)
    height = ROOM + PLOT + (ROOM if downs else 0) + FOOT
    rects: list[Rect] = []
    texts: list[Text] = []
    for place, line in enumerate(chart.lines):
        rects += _stack(line, ups, _Stand(place, len(chart.lines), base, -scale))
        rects += _stack(line, downs, _Stand(place, len(chart.lines), base, scale))
        texts += _amounts(chart, place, base, scale)
    return Drawing(
        height, _px(base), rects=rects, texts=texts, names=_names(chart, height - FOOT + 15)
    )


@dataclass(frozen=True)
class _Stand:
    """Where a column stands, and how many pixels one unit is (up is negative)."""

    place: int
    of: int
    base: Decimal
    scale: Decimal


def _stack(line: Line, series: Sequence[Series], stand: _Stand) -> list[Rect]:
    slot = Decimal(100) / max(stand.of, LEAST_SLOTS)
    width = slot * Decimal(str(FILLED))
    x = slot * stand.place + (slot - width) / 2
    found, edge = [], stand.base
    for each in series:
        value = Decimal(line.values.get(each.key) or 0)
        if not value:
            continue
        far = edge + value * stand.scale
        y, height = min(edge, far), abs(far - edge)
        title = f"{line.label} · {each.label}: {exact(value, each.kind)}"
        colour = each.colour if len(series) > 1 or not line.colour else line.colour
        url = line.urls.get(each.key, "")
        found.append(Rect(_pc(x), _px(y), _pc(width), _px(height), colour, title, url))
        edge = far
    return found


def _amounts(chart: Chart, place: int, base: Decimal, scale: Decimal) -> list[Text]:
    line, shown = chart.lines[place], _shown(place, len(chart.lines))
    ups = [series for series in chart.drawn if not series.is_down]
    downs = [series for series in chart.drawn if series.is_down]
    found = []
    for side, sign in ((ups, -1), (downs, 1)):
        value = _sum(line, side)
        if value and shown != "never":
            y = base + sign * value * scale + (-6 if sign < 0 else 14)
            found.append(Text(_middle(place, chart), _px(y), short(value, side[0].kind), shown))
    return found


def _names(chart: Chart, y: int) -> list[Text]:
    return [
        Text(_middle(place, chart), f"{y}", line.label, shown)
        for place, line in enumerate(chart.lines)
        if (shown := _shown(place, len(chart.lines))) != "never"
    ]


def _shown(place: int, of: int) -> str:
    """Tell where the label of a column has room, counted from the last one."""
    back = of - 1 - place
    if back % ceil(of / MOST_LABELS):
        return "never"
    return "wide" if back % (ceil(of / MOST_LABELS) * ceil(of / MOST_NARROW)) else ""


def _middle(place: int, chart: Chart) -> str:
    slot = Decimal(100) / max(len(chart.lines), LEAST_SLOTS)
    return _pc(slot * place + slot / 2)


def _sum(line: Line, series: Sequence[Series]) -> Decimal:
    return sum((Decimal(line.values.get(each.key) or 0) for each in series), Decimal(0))


def lines(chart: Chart) -> Drawing:
    """Return percentages over time as a line from 0 to 100 %; a gap where there is none."""
    series = chart.drawn[0]
    most = max((line.values[series.key] or 0 for line in chart.lines), default=0)
    scale = PLOT / max(Decimal(100), Decimal(most))
    height = ROOM + PLOT + FOOT
    points = [
        (place, _middle(place, chart), ROOM + PLOT - line.values[series.key] * scale, line)
        for place, line in enumerate(chart.lines)
        if line.values[series.key] is not None
    ]
    segments = [
        Segment(x1, _px(y1), x2, _px(y2), series.colour)
        for (here, x1, y1, _), (there, x2, y2, _) in pairwise(points)
        if there == here + 1
    ]
    dots = [
        Rect(x, _px(y), "", "", series.colour, f"{line.label}: {_exact_of(line, series)}")
        for _, x, y, line in points
    ]
    texts = [
        Text(x, _px(y - 9), short(line.values[series.key], series.kind), shown)
        for place, x, y, line in points
        if (shown := _shown(place, len(chart.lines))) != "never"
    ]
    return Drawing(
        height,
        f"{ROOM + PLOT}",
        segments=segments,
        dots=dots,
        texts=texts,
        names=_names(chart, height - FOOT + 15),
    )


def _exact_of(line: Line, series: Series) -> str:
    return exact(line.values[series.key], series.kind)


def rows(chart: Chart) -> list[Row]:
    """Return horizontal bars, series side by side within each; the longest fills the width."""
    most = max((_sum(line, chart.drawn) for line in chart.lines), default=Decimal(0))
    return [_row(line, chart, most) for line in chart.lines]


def _row(line: Line, chart: Chart, most: Decimal) -> Row:
    parts, x = [], Decimal(0)
    for each in chart.drawn:
        value = Decimal(line.values.get(each.key) or 0)
        if not value or not most:
            continue
        width = 100 * value / most
        colour = line.colour or each.colour or MAIN
        title = f"{line.label} · {each.label}: {exact(value, each.kind)}"
        url = line.urls.get(each.key, "")
        parts.append(Rect(_pc(x), "0", _pc(width), "100%", colour, title, url))
        x += width
    whole = _sum(line, chart.drawn)
    kind = chart.drawn[0].kind
    is_known = any(line.values.get(each.key) is not None for each in chart.drawn)
    return Row(line.label, parts, exact(whole if is_known else None, kind))


def exact(value: Any, kind: str) -> str:
    """Write a number whole: 1.234,56 for money, 12,5 %, 1.234."""
    if value is None:
        return "–"
    if kind == MONEY:
        return f"{Decimal(value):,.2f}".translate(_SWAP)
    if kind == PERCENT:
        return f"{_comma(Decimal(value), 1)} %"
    if kind == "hours":
        return f"{_comma(Decimal(value), 1)} h"
    return f"{value:,}".translate(_SWAP)


_SWAP = str.maketrans(",.", ".,")


def _pc(number: Decimal) -> str:
    return f"{number:.3f}%"


def _px(number: Decimal) -> str:
    return f"{number:.1f}"
