"""Promessas cumpridas: what debtors promised for each week, and whether they kept it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cobranca.calc.words import reais
from cobranca.reports.board import (
    BAD,
    COLUMNS,
    GOOD,
    LINES,
    MAIN,
    MONEY,
    PERCENT,
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
from cobranca.reports.boards.shared import by_bucket, ranked, span
from cobranca.reports.facts import PROMISES
from cobranca.reports.facts.contacts import BROKEN, CANCELLED, KEPT, LATE, OPEN, STATES
from cobranca.reports.filters import Filters
from cobranca.reports.periods import STEP_LABELS
from cobranca.reports.reading import (
    BUCKET,
    Group,
    amount_of,
    count_of,
    groups,
    names,
    person_key,
)

_COLOURS = {KEPT: GOOD, BROKEN: BAD, LATE: WAITING, OPEN: MAIN}
_STATES = (
    Series(KEPT, "Cumpridas", colour=GOOD),
    Series(BROKEN, "Quebradas", colour=BAD),
    Series(LATE, "Vencidas", colour=WAITING),
    Series(OPEN, "A vencer", colour=MAIN),
    Series("count", "Promessas"),
    Series("amount", "Valor (R$)", MONEY),
    Series("rate", "Cumprimento", PERCENT),
)


def promises(filters: Filters, at: datetime) -> Board:
    """Return promises by the day they are for; those called off are left out."""
    found = [
        each
        for each in groups(PROMISES, filters, BUCKET, "collector_id", "status")
        if each["status"] != CANCELLED
    ]
    whole = _measured(found)
    figures = (
        Figure("rate", "Cumprimento", whole["rate"], PERCENT),
        *(
            Figure(
                state,
                STATES[state],
                whole[state],
                url=list_url(PROMISES, filters, situacao=state),
                tone=WAITING if state == LATE and whole[state] else "",
            )
            for state in (KEPT, BROKEN, LATE, OPEN)
        ),
        Figure("kept_amount", "Valor cumprido", amount_of(found, status=KEPT), MONEY),
        Figure("open_amount", "Valor a vencer", amount_of(found, status=OPEN), MONEY),
    )
    charts = [_by_time(found, filters), _rate(found, filters)]
    if filters.collector is None:
        charts.append(_by_collector(found, filters))
    return Board(_says(found, whole), figures, charts, at)


def _says(found: Sequence[Group], whole: dict[str, Any]) -> str:
    if not found:
        return "Nenhuma promessa para este período."
    ended = whole[KEPT] + whole[BROKEN]
    kept = (
        f"{plural(whole[KEPT], 'foi cumprida', 'foram cumpridas')} "
        f"({percent_text(whole['rate'])} das {ended} com desfecho)"
        if ended
        else "nenhuma teve desfecho"
    )
    promised = f"{plural(whole['count'], 'promessa', 'promessas')} de {reais(whole['amount'])}"
    waiting = f"; {plural(whole[LATE], 'venceu', 'venceram')} sem desfecho" if whole[LATE] else ""
    return f"De {promised}, {kept}{waiting}."


def _measured(part: Sequence[Group]) -> dict[str, Any]:
    counts = {state: count_of(part, status=state) for state in (KEPT, BROKEN, LATE, OPEN)}
    rate = percent(counts[KEPT], counts[KEPT] + counts[BROKEN])
    return {**counts, "count": count_of(part), "amount": amount_of(part), "rate": rate}


def _lines_by_time(found: Sequence[Group], filters: Filters) -> list[Line]:
    return by_bucket(
        filters.buckets,
        lambda each: _measured([group for group in found if group[BUCKET] == each.key]),
        lambda each: {
            state: list_url(PROMISES, filters, situacao=state, **span(each)) for state in _COLOURS
        },
    )


def _by_time(found: Sequence[Group], filters: Filters) -> Chart:
    lines = _lines_by_time(found, filters)
    most = max(lines, key=lambda line: line.values["count"])
    word = STEP_LABELS[filters.step]
    says = "Nenhuma promessa no período."
    if most.values["count"]:
        which = "A semana de" if word == "semana" else "O mês de"
        says = (
            f"{which} {most.label} tem mais promessas: {most.values['count']}, de "
            f"{reais(most.values['amount'])}."
        )
    total = Line("total", "Total", _measured(found))
    title, head = f"Promessas por {word} prometid{'a' if word == 'semana' else 'o'}", "Para"
    return Chart("time", title, says, head, _STATES, lines, COLUMNS, total)


def _rate(found: Sequence[Group], filters: Filters) -> Chart:
    ended = [line for line in _lines_by_time(found, filters) if line.values["rate"] is not None]
    says = "Nenhuma promessa do período teve desfecho."
    if ended:
        last = ended[-1]
        says = (
            f"Na última com desfecho ({last.label}) cumpriram {percent_text(last.values['rate'])}"
        )
        says += (
            f"; na primeira ({ended[0].label}), {percent_text(ended[0].values['rate'])}."
            if len(ended) > 1
            else "."
        )
    series = (
        Series("rate", "Cumprimento", PERCENT, GOOD),
        Series(KEPT, "Cumpridas"),
        Series(BROKEN, "Quebradas"),
    )
    lines = _lines_by_time(found, filters)
    return Chart("rate", "Cumprimento das promessas", says, "Para", series, lines, LINES)


def _by_collector(found: Sequence[Group], filters: Filters) -> Chart:
    known = names("collector", filters.agency)
    lines = []
    for key in {each["collector_id"] for each in found}:
        part = [each for each in found if each["collector_id"] == key]
        urls = {
            state: list_url(PROMISES, filters, situacao=state, cobrador=person_key(key))
            for state in _COLOURS
        }
        lines.append(Line(str(person_key(key)), known[key], _measured(part), urls))
    shown = ranked(lines, "count")
    says = "Nenhuma promessa teve desfecho." if lines else "Nenhuma promessa no período."
    if rated := [line for line in shown if line.values["rate"] is not None]:
        best = max(rated, key=lambda line: (line.values["rate"], line.values["count"]))
        says = f"Maior cumprimento: {best.label}, {percent_text(best.values['rate'])}."
    total = Line("total", "Total", _measured(found)) if lines else None
    return Chart(
        "collectors", "Promessas por cobrador", says, "Cobrador", _STATES, shown, total=total
    )
