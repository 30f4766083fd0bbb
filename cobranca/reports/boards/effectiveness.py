"""Efetividade: contacts and what came of them, by collector and by channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cobranca.calc.words import reais
from cobranca.reports.board import (
    GOOD,
    MONEY,
    PERCENT,
    QUIET,
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
from cobranca.reports.boards.shared import ranked
from cobranca.reports.facts import AGREEMENTS, CONTACTS, PROMISES_MADE, RECEIPTS, Fact
from cobranca.reports.facts.money import AGREED, CHANNELS, NO_CHANNEL
from cobranca.reports.filters import Filters
from cobranca.reports.reading import (
    Group,
    amount_of,
    count_of,
    groups,
    names,
    person_key,
)

EFFECTIVE = "sim"
_SERIES = (
    Series("effective", "Falou com a pessoa certa", colour=GOOD),
    Series("other", "Outros acionamentos", colour=QUIET),
    Series("contacts", "Acionamentos"),
    Series("effective_rate", "Efetivos", PERCENT),
    Series("promises", "Promessas"),
    Series("promise_rate", "Promessas por efetivo", PERCENT),
    Series("agreements", "Acordos"),
    Series("agreed", "Acordado (R$)", MONEY),
    Series("received", "Recebido de acordos (R$)", MONEY),
)
_MONEY = (
    Series("received", "Recebido de acordos (R$)", MONEY, GOOD),
    Series("agreed", "Acordado (R$)", MONEY),
    Series("agreements", "Acordos"),
)


@dataclass(frozen=True)
class Work:
    """What was done in a period, as groups by collector and channel."""

    contacts: Sequence[Group]
    promises: Sequence[Group]
    agreements: Sequence[Group]
    receipts: Sequence[Group]

    def of(self, column: str, value: Any) -> "Work":
        """Return the part with a value in a column."""
        return Work(*([g for g in part if g[column] == value] for part in self.parts))

    @property
    def parts(self) -> tuple[Sequence[Group], ...]:
        """The four of them."""
        return (self.contacts, self.promises, self.agreements, self.receipts)

    def values(self, column: str) -> set[Any]:
        """Return the values of a column."""
        return {group[column] for part in self.parts for group in part}

    def measured(self) -> dict[str, Any]:
        """Return the figures of a line."""
        contacts, effective = count_of(self.contacts), count_of(self.contacts, effective=EFFECTIVE)
        promises = count_of(self.promises)
        return {
            "effective": effective,
            "other": contacts - effective,
            "contacts": contacts,
            "effective_rate": percent(effective, contacts),
            "promises": promises,
            "promise_rate": percent(promises, effective),
            "agreements": count_of(self.agreements),
            "agreed": amount_of(self.agreements),
            "received": amount_of(self.receipts),
        }


def work_of(filters: Filters) -> Work:
    """Read what was done in the period: four statements."""
    by = ("collector_id", "channel")
    return Work(
        groups(CONTACTS, filters, *by, "effective"),
        groups(PROMISES_MADE, filters, *by),
        groups(AGREEMENTS, filters, *by),
        # Of agreements alone: most receipts are of none, and are not read along.
        groups(RECEIPTS, filters, *by, known="agreement_id"),
    )


def effectiveness(filters: Filters, at: datetime) -> Board:
    """Return what collectors and channels brought in the period."""
    work = work_of(filters)
    whole = work.measured()
    charts = [_by_channel(work, filters)]
    if filters.collector is None:
        charts = [*_by_collector(work, filters), *charts]
    return Board(_says(whole), figures_of(whole, filters), charts, at)


def figures_of(whole: dict[str, Any], filters: Filters) -> list[Figure]:
    """Return the work of a period in figures."""
    urls = _urls(filters)
    return [
        Figure("contacts", "Acionamentos", whole["contacts"], url=urls["contacts"]),
        Figure("effective", "Falou com a pessoa certa", whole["effective"], url=urls["effective"]),
        Figure("effective_rate", "Efetivos", whole["effective_rate"], PERCENT),
        Figure("promises", "Promessas feitas", whole["promises"], url=urls["promises"]),
        Figure("agreements", "Acordos feitos", whole["agreements"], url=urls["agreements"]),
        Figure("agreed", "Acordado", whole["agreed"], MONEY, urls["agreements"]),
        Figure("received", "Recebido de acordos", whole["received"], MONEY, urls["received"]),
    ]


def _urls(filters: Filters, **narrowed: Any) -> dict[str, str]:
    def url(fact: Fact, **more: Any) -> str:
        return list_url(fact, filters, **narrowed, **more)

    return {
        "contacts": url(CONTACTS),
        "effective": url(CONTACTS, efetivo=EFFECTIVE),
        "other": url(CONTACTS, efetivo="nao"),
        "promises": url(PROMISES_MADE),
        "agreements": url(AGREEMENTS),
        "agreed": url(AGREEMENTS),
        "received": url(RECEIPTS, origem=AGREED),
    }


def _says(whole: dict[str, Any]) -> str:
    if not any(whole.values()):
        return "Nada foi registrado neste período com estes filtros."
    if not whole["contacts"]:
        return f"Nenhum acionamento, {_outcome(whole)}."
    contacts = plural(whole["contacts"], "acionamento", "acionamentos")
    return (
        f"{contacts}, {whole['effective']} com a pessoa certa "
        f"({percent_text(whole['effective_rate'])}), {_outcome(whole)}."
    )


def _outcome(whole: dict[str, Any]) -> str:
    return (
        f"{plural(whole['promises'], 'promessa', 'promessas')} e "
        f"{plural(whole['agreements'], 'acordo', 'acordos')} de {reais(whole['agreed'])}"
    )


def _by_collector(work: Work, filters: Filters) -> list[Chart]:
    known = names("collector", filters.agency)
    lines = [
        Line(
            str(person_key(key)),
            known[key],
            work.of("collector_id", key).measured(),
            _urls(filters, cobrador=person_key(key)),
        )
        for key in work.values("collector_id")
    ]
    total = Line("total", "Total", work.measured()) if lines else None
    by_contacts, by_money = ranked(lines, "contacts"), ranked(lines, "received")
    return [
        Chart(
            "collectors",
            "Acionamentos por cobrador",
            _best(by_contacts, "effective_rate", "Mais efetivo: {}, {} dos acionamentos."),
            "Cobrador",
            _SERIES,
            by_contacts,
            total=total,
        ),
        Chart(
            "collectors_money",
            "Recebido de acordos por cobrador",
            _most(by_money),
            "Cobrador",
            _MONEY,
            by_money,
            total=total,
        ),
    ]


def _best(lines: Sequence[Line], rate: str, sentence: str) -> str:
    rated = [line for line in lines if line.values[rate] is not None and line.key != "rest"]
    if not rated:
        return "Nenhum acionamento no período."
    best = max(rated, key=lambda line: (line.values[rate], line.values["contacts"]))
    return sentence.format(best.label, percent_text(best.values[rate]))


def _most(lines: Sequence[Line]) -> str:
    if not lines or not lines[0].values["received"]:
        return "Nada foi recebido de acordos no período."
    return f"{lines[0].label} trouxe mais: {reais(lines[0].values['received'])}."


def _by_channel(work: Work, filters: Filters) -> Chart:
    labels = {**CHANNELS, NO_CHANNEL: "Sem acionamento"}
    lines = []
    for key in (each for each in labels if each in work.values("channel")):
        urls = _urls(filters, canal=key)
        if key == NO_CHANNEL:
            urls = {name: urls[name] for name in ("promises", "agreements", "agreed", "received")}
        lines.append(Line(key, labels[key], work.of("channel", key).measured(), urls))
    total = Line("total", "Total", work.measured()) if lines else None
    return Chart(
        "channels",
        "Acionamentos por canal",
        _best(lines, "effective_rate", "Canal mais efetivo: {}, {} dos acionamentos."),
        "Canal",
        _SERIES,
        lines,
        total=total,
    )
