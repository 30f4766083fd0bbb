"""Recuperação: money received, by time, origin and creditor, and how much of what was due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from cobranca.calc.words import reais
from cobranca.reports.board import (
    COLUMNS,
    GOOD,
    LINES,
    MAIN,
    MONEY,
    PERCENT,
    Board,
    Chart,
    Figure,
    Line,
    Series,
    change_text,
    list_url,
    percent,
    percent_text,
    plural,
)
from cobranca.reports.boards.shared import added, by_bucket, owner_of, ranked, span
from cobranca.reports.facts import DUE, RECEIPTS
from cobranca.reports.facts.money import AGREED, DIRECT
from cobranca.reports.filters import Filters
from cobranca.reports.periods import STEP_LABELS, before
from cobranca.reports.reading import BUCKET, Group, amount_of, count_of, groups, names

_MONEY = (
    Series(DIRECT, "Direto ao credor (R$)", MONEY, MAIN),
    Series(AGREED, "De acordo (R$)", MONEY, GOOD),
    Series("amount", "Recebido (R$)", MONEY),
    Series("count", "Recebimentos"),
)
_COHORT = (
    Series("percent", "Já recebido", PERCENT, GOOD),
    Series("received", "Recebido (R$)", MONEY),
    Series("due", "Vencido no período (R$)", MONEY),
)


def recovery(filters: Filters, at: datetime) -> Board:
    """Return what was received in the period, beside the period before it."""
    of = owner_of(filters)
    found = groups(RECEIPTS, filters, BUCKET, "origin", of.column)
    earlier = _earlier(filters)
    total, agreed = amount_of(found), amount_of(found, origin=AGREED)
    charts = [_by_time(found, filters), _by_owner(found, filters)]
    # Whose hand it was is known of agreements only: of what fell due there is no team's part.
    figures = [
        Figure("received", "Recebido", total, MONEY, list_url(RECEIPTS, filters)),
        Figure("receipts", "Recebimentos", count_of(found), url=list_url(RECEIPTS, filters)),
        Figure("agreed", "De acordos", agreed, MONEY, list_url(RECEIPTS, filters, origem=AGREED)),
        Figure("agreed_percent", "De acordos, do recebido", percent(agreed, total), PERCENT),
    ]
    if filters.team is None and filters.collector is None:
        cohort = _cohort(filters)
        charts.append(cohort)
        share = cohort.total.values["percent"] if cohort.total else None
        figures.append(Figure("cohort", "Já recebido do que venceu no período", share, PERCENT))
    return Board(_says(found, earlier, filters), figures, charts, at)


def _earlier(filters: Filters) -> Decimal:
    start, end = before(filters.start, filters.end)
    return amount_of(groups(RECEIPTS, replace(filters, start=start, end=end)))


def _says(found: Sequence[Group], earlier: Decimal, filters: Filters) -> str:
    total, count = amount_of(found), count_of(found)
    period = f"De {filters.start:%d/%m/%Y} a {filters.end:%d/%m/%Y}"
    if not count:
        return f"{period} nada foi recebido com estes filtros."
    compared = change_text(total, earlier, f"nos {filters.days} dias anteriores")
    return (
        f"{period} recebemos {reais(total)} em {plural(count, 'recebimento', 'recebimentos')}, "
        f"{compared}."
    )


def _measured(part: Sequence[Group]) -> dict[str, Any]:
    return {
        DIRECT: amount_of(part, origin=DIRECT),
        AGREED: amount_of(part, origin=AGREED),
        "amount": amount_of(part),
        "count": count_of(part),
    }


def _by_time(found: Sequence[Group], filters: Filters) -> Chart:
    lines = by_bucket(
        filters.buckets,
        lambda each: _measured([group for group in found if group[BUCKET] == each.key]),
        lambda each: {
            DIRECT: list_url(RECEIPTS, filters, origem=DIRECT, **span(each)),
            AGREED: list_url(RECEIPTS, filters, origem=AGREED, **span(each)),
            "amount": list_url(RECEIPTS, filters, **span(each)),
        },
    )
    word = STEP_LABELS[filters.step]
    best = max(lines, key=lambda line: line.values["amount"])
    says = f"Nada foi recebido em nenhum{'a' if word == 'semana' else ''} {word}."
    if best.values["amount"]:
        which = "A melhor semana começou em" if word == "semana" else "O melhor mês foi"
        share = percent_text(percent(amount_of(found, origin=AGREED), amount_of(found)))
        says = (
            f"{which} {best.label}, com {reais(best.values['amount'])}; "
            f"{share} do período veio de acordos."
        )
    total = Line("total", "Total", _measured(found))
    title, head = f"Recebido por {word}", word.capitalize()
    return Chart("time", title, says, head, _MONEY, lines, COLUMNS, total)


def _by_owner(found: Sequence[Group], filters: Filters) -> Chart:
    of = owner_of(filters)
    known = names(of.name, filters.agency)
    lines = []
    for key in {each[of.column] for each in found}:
        url = list_url(RECEIPTS, filters, **{of.parameter: key or 0})
        part = [each for each in found if each[of.column] == key]
        lines.append(Line(str(key or 0), known[key], _measured(part), {"amount": url}))
    shown = ranked(lines, "amount")
    says = "Não há o que dividir."
    if shown:
        first = shown[0].values["amount"]
        share = percent_text(percent(first, amount_of(found)))
        says = f"{shown[0].label} responde por {share} do recebido: {reais(first)}."
    total = Line("total", "Total", added(lines)) if lines else None
    title = f"Recebido por {of.label.lower()}"
    return Chart("owners", title, says, of.label, _MONEY, shown, total=total)


def _cohort(filters: Filters) -> Chart:
    """Return of what fell due in each week or month how much is received by now.

    What went back to the creditor unpaid is not counted: it is no longer ours to receive.
    """
    found = groups(DUE, filters, BUCKET, sums=("received",))
    due = {each[BUCKET]: each.amount for each in found}
    received = {each[BUCKET]: each["received"] for each in found}
    nothing = Decimal(0)
    lines = by_bucket(
        [each for each in filters.buckets if each.start <= filters.on],
        lambda each: _shared(received.get(each.key, nothing), due.get(each.key, nothing)),
        lambda each: {"due": list_url(DUE, filters, **span(each))},
    )
    whole = _shared(sum(received.values(), nothing), sum(due.values(), nothing))
    says = "Nada do que está na carteira venceu no período."
    if whole["due"]:
        says = (
            f"Do que venceu no período ({reais(whole['due'])}) já entraram "
            f"{reais(whole['received'])}, {percent_text(whole['percent'])}."
        )
    word = STEP_LABELS[filters.step].capitalize()
    title = "Quanto já foi recebido do que venceu"
    total = Line("total", "Total", whole)
    return Chart("cohort", title, says, f"{word} do vencimento", _COHORT, lines, LINES, total)


def _shared(received: Decimal, due: Decimal) -> dict[str, Any]:
    return {"percent": percent(received, due), "received": received, "due": due}
