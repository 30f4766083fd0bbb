"""Entradas e saídas: installments that came in and went out, by week and reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cobranca.calc.words import reais
from cobranca.reports.board import (
    COLUMNS,
    GOOD,
    MAIN,
    MONEY,
    QUIET,
    Board,
    Chart,
    Figure,
    Line,
    Series,
    list_url,
    plural,
)
from cobranca.reports.boards.shared import by_bucket, ranked, span
from cobranca.reports.facts import FLOW
from cobranca.reports.facts.flow import IN, MOVES, OUT, PAID
from cobranca.reports.filters import Filters
from cobranca.reports.periods import STEP_LABELS
from cobranca.reports.reading import BUCKET, Group, amount_of, count_of, groups, names

_BY_TIME = (
    Series("in", "Entradas", colour=MAIN),
    Series("paid", "Pagas", colour=GOOD, is_down=True),
    Series("gone", "Outras saídas", colour=QUIET, is_down=True),
    Series("out", "Saídas"),
    Series("in_amount", "Entrou (R$)", MONEY),
    Series("out_amount", "Saiu (R$)", MONEY),
)
_BY_MOVE = (
    Series("count", "Parcelas", colour=MAIN),
    Series("amount", "Valor original (R$)", MONEY),
)


def flow(filters: Filters, at: datetime) -> Board:
    """Return what came into the portfolio and what left it in the period."""
    found = groups(FLOW, filters, BUCKET, "way", "move")
    whole = _measured(found)
    says = "Nada entrou nem saiu no período com estes filtros."
    if found:
        says = (
            f"Entraram {plural(whole['in'], 'parcela', 'parcelas')} ({reais(whole['in_amount'])}) "
            f"e saíram {plural(whole['out'], 'parcela', 'parcelas')} "
            f"({reais(whole['out_amount'])}), {plural(whole['paid'], 'paga', 'pagas')}."
        )
    figures = (
        Figure("in", "Entradas", whole["in"], url=list_url(FLOW, filters, sentido=IN)),
        Figure("in_amount", "Entrou", whole["in_amount"], MONEY),
        Figure("out", "Saídas", whole["out"], url=list_url(FLOW, filters, sentido=OUT)),
        Figure("out_amount", "Saiu", whole["out_amount"], MONEY),
        Figure("paid", "Pagas", whole["paid"]),
    )
    labels = {**names("reason", filters.agency), **MOVES}
    charts = (
        _by_time(found, filters),
        _by_move(found, filters, labels, OUT),
        _by_move(found, filters, labels, IN),
    )
    return Board(says, figures, charts, at)


def _measured(part: Sequence[Group]) -> dict[str, Any]:
    paid = sum(each.count for each in part if each["move"] in PAID)
    out = count_of(part, way=OUT)
    return {
        "in": count_of(part, way=IN),
        "paid": paid,
        "gone": out - paid,
        "out": out,
        "in_amount": amount_of(part, way=IN),
        "out_amount": amount_of(part, way=OUT),
    }


def _by_time(found: Sequence[Group], filters: Filters) -> Chart:
    lines = by_bucket(
        filters.buckets,
        lambda each: _measured([group for group in found if group[BUCKET] == each.key]),
        lambda each: {
            "in": list_url(FLOW, filters, sentido=IN, **span(each)),
            "out": list_url(FLOW, filters, sentido=OUT, **span(each)),
        },
    )
    word = STEP_LABELS[filters.step]
    whole = _measured(found)
    more, less = ("entraram", "saíram") if whole["in"] >= whole["out"] else ("saíram", "entraram")
    difference = abs(whole["in"] - whole["out"])
    says = (
        f"No período {more} {plural(difference, 'parcela', 'parcelas')} a mais do que {less}."
        if difference
        else "Entraram tantas parcelas quantas saíram."
    )
    total = Line("total", "Total", whole)
    title, head = f"Entradas e saídas por {word}", word.capitalize()
    return Chart("time", title, says, head, _BY_TIME, lines, COLUMNS, total)


def _colour(move: str, way: str) -> str:
    if move in PAID:
        return GOOD
    return QUIET if way == OUT else MAIN


def _by_move(
    found: Sequence[Group], filters: Filters, labels: Mapping[str, str], way: str
) -> Chart:
    lines = []
    for move in {each["move"] for each in found if each["way"] == way}:
        url = list_url(FLOW, filters, sentido=way, motivo=move)
        part = [each for each in found if each["way"] == way and each["move"] == move]
        values = {"count": count_of(part), "amount": amount_of(part)}
        label, colour = (
            labels.get(move, move),
            GOOD if move in PAID else QUIET if way == OUT else "",
        )
        lines.append(Line(move, label, values, {"count": url, "amount": url}, colour))
    whole = {"count": count_of(found, way=way), "amount": amount_of(found, way=way)}
    total = Line("total", "Total", whole) if lines else None
    shown, title = ranked(lines, "count"), "Saídas por motivo" if way == OUT else "Entradas"
    says = "Nada saiu no período." if way == OUT else "Nada entrou no período."
    if shown:
        first = shown[0]
        count = plural(first.values["count"], "parcela", "parcelas")
        says = f"Mais comum: {first.label}, {count}."
    return Chart(way, title, says, "Motivo", _BY_MOVE, shown, total=total)
