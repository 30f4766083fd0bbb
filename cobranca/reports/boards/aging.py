"""Aging: what is owed now, by how late it is and whose it is."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cobranca.calc.words import reais
from cobranca.reports.board import (
    MONEY,
    PERCENT,
    QUIET,
    WAITING,
    Board,
    Chart,
    Figure,
    Line,
    Series,
    list_url,
    percent,
    percent_text,
    plural,
)
from cobranca.reports.boards.shared import added, owner_of, ranked
from cobranca.reports.facts import OPEN
from cobranca.reports.facts.installments import BANDS, LABELS, NOT_LATE
from cobranca.reports.filters import Filters
from cobranca.reports.reading import Group, amount_of, count_of, groups, names

_BY_BAND = (
    Series("amount", "Em aberto (R$)", MONEY, WAITING),
    Series("percent", "Do total", PERCENT),
    Series("count", "Parcelas"),
)
_BY_OWNER = (
    Series("late", "Vencido (R$)", MONEY, WAITING),
    Series("coming", "A vencer (R$)", MONEY, QUIET),
    Series("amount", "Em aberto (R$)", MONEY),
    Series("count", "Parcelas"),
)


def aging(filters: Filters, at: datetime) -> Board:
    """Return the open portfolio by band of days late and by creditor or branch."""
    of = owner_of(filters)
    found = groups(OPEN, filters, "band", of.column)
    total, count = amount_of(found), count_of(found)
    late = _late(found)
    share = percent(amount_of(late), total)
    says = "Nenhuma parcela em aberto com estes filtros."
    if count:
        says = (
            f"Há {reais(total)} em aberto em {plural(count, 'parcela', 'parcelas')}; "
            f"{reais(amount_of(late))} ({percent_text(share)}) já venceram."
        )
    figures = (
        Figure("open", "Em aberto", total, MONEY, list_url(OPEN, filters)),
        Figure("installments", "Parcelas em aberto", count, url=list_url(OPEN, filters)),
        Figure("overdue", "Vencido", amount_of(late), MONEY, tone=WAITING),
        Figure("overdue_count", "Parcelas vencidas", count_of(late)),
        Figure("overdue_percent", "Vencido do total", share, PERCENT),
    )
    return Board(says, figures, (_bands(found, filters), _owners(found, filters)), at)


def _late(found: Sequence[Group]) -> list[Group]:
    return [each for each in found if each["band"] != NOT_LATE]


def _bands(found: Sequence[Group], filters: Filters) -> Chart:
    total = amount_of(found)
    lines = []
    for code, _, _ in BANDS:
        url = list_url(OPEN, filters, faixa=code)
        values = _measured([each for each in found if each["band"] == code], total)
        colour = QUIET if code == NOT_LATE else ""
        lines.append(Line(code, LABELS[code], values, {"count": url, "amount": url}, colour))
    late = [line for line in lines if line.key != NOT_LATE and line.values["count"]]
    most = max(late, key=lambda line: line.values["amount"], default=None)
    says = "Nada está vencido."
    if most is not None:
        says = (
            f"A faixa com mais dinheiro vencido é a de {most.label.lower()}: "
            f"{reais(most.values['amount'])} em "
            f"{plural(most.values['count'], 'parcela', 'parcelas')}."
        )
    whole = Line("total", "Total", _measured(found, total))
    title = "Em aberto por faixa de atraso"
    return Chart("bands", title, says, "Atraso", _BY_BAND, lines, total=whole)


def _measured(part: Sequence[Group], total: Decimal) -> dict[str, Any]:
    amount = amount_of(part)
    return {"amount": amount, "percent": percent(amount, total), "count": count_of(part)}


def _owners(found: Sequence[Group], filters: Filters) -> Chart:
    """Return whose the open money is, most first, what is late of it apart."""
    of = owner_of(filters)
    known = names(of.name, filters.agency)
    lines = []
    for key in {each[of.column] for each in found}:
        part = [each for each in found if each[of.column] == key]
        values = {
            "late": amount_of(_late(part)),
            "coming": amount_of(part) - amount_of(_late(part)),
            "amount": amount_of(part),
            "count": count_of(part),
        }
        url = list_url(OPEN, filters, **{of.parameter: key or 0})
        lines.append(Line(str(key or 0), known[key], values, {"amount": url, "count": url}))
    shown = ranked(lines, "amount")
    says = "Não há o que dividir."
    if shown:
        first = shown[0].values["amount"]
        share = percent_text(percent(first, amount_of(found)))
        says = f"{shown[0].label} tem {share} do que está em aberto: {reais(first)}."
    total = Line("total", "Total", added(lines)) if lines else None
    title = f"Em aberto por {of.label.lower()}"
    return Chart("owners", title, says, of.label, _BY_OWNER, shown, total=total)
