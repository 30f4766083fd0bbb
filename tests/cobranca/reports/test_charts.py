"""Bars begin at zero and are as long as what they stand for."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cobranca.reports import charts
from cobranca.reports.board import BARS, COLUMNS, GOOD, LINES, MAIN, PERCENT, Chart, Line, Series
from cobranca.reports.facts.fact import MONEY

UP, DOWN = Series("up", "Entradas", colour=MAIN), Series("down", "Saídas", "whole", GOOD, True)
NUMBERS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=40)


def chart_of(pairs, drawing=COLUMNS, series=(UP, DOWN)):
    lines = [Line(str(n), f"{n}", {"up": a, "down": b}) for n, (a, b) in enumerate(pairs)]
    return Chart("x", "Título", "Frase", "Semana", series, lines, drawing)


@given(NUMBERS)
def test_columns_stand_on_the_line_in_proportion_and_within_the_drawing(pairs):
    drawing = charts.columns(chart_of(pairs))

    base, most = Decimal(drawing.base), max((max(pair) for pair in pairs), default=0)
    for rect in drawing.rects:
        top, height = Decimal(rect.y), Decimal(rect.height)
        touches = top + height if rect.colour == MAIN else top
        assert abs(touches - base) <= Decimal("0.2")
        assert 0 <= top <= top + height <= drawing.height
        assert Decimal(rect.x[:-1]) + Decimal(rect.width[:-1]) <= 100
    tallest = max((Decimal(rect.height) for rect in drawing.rects), default=Decimal(0))
    for rect, value in zip(drawing.rects, [v for pair in pairs for v in pair if v], strict=True):
        assert abs(Decimal(rect.height) * most - tallest * value) <= Decimal("0.11") * most


@given(NUMBERS)
def test_the_longest_bar_fills_the_width_and_the_others_are_in_proportion(pairs):
    rows = charts.rows(chart_of(pairs, BARS))

    totals = [a + b for a, b in pairs]
    widths = [sum(Decimal(part.width[:-1]) for part in row.parts) for row in rows]
    for total, width in zip(totals, widths, strict=True):
        assert abs(width - (Decimal(100) * total / max(totals) if max(totals) else 0)) < 1


def test_a_line_has_a_gap_where_nothing_is_known():
    rate = Series("up", "Taxa", PERCENT, GOOD)
    known = chart_of([(10, 0), (20, 0), (None, 0), (30, 0)], LINES, (rate,))

    drawing = charts.lines(known)

    assert (len(drawing.dots), len(drawing.segments)) == (3, 1)


def test_numbers_at_bars_are_short_and_in_tables_exact():
    amounts = ("999.5", "1234", "12345.67", "1234567.89", "123456789")

    assert [charts.short(Decimal(a), MONEY) for a in amounts] == [
        *("1000", "1,2 mil", "12 mil", "1,2 mi", "123 mi"),
    ]
    assert charts.exact(Decimal("1234567.80"), MONEY) == "1.234.567,80"
    assert charts.exact(Decimal("12.50"), PERCENT) == "12,5 %"
    assert charts.exact(None, MONEY) == "–"
