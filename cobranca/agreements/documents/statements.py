"""Memória de cálculo on paper: every figure with how it came about (CAL-13)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cobranca.agreements.documents.paper import Document, Heading, put_on_paper
from cobranca.agreements.documents.priced import Priced
from cobranca.agreements.documents.rows import check_size
from cobranca.agreements.models import Agreement
from cobranca.calc.words import day_text
from cobranca.campaigns.calculation import Calculation
from cobranca.campaigns.models import Quote
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor

# Each has some eight steps: pages by the dozen.
MOST_INSTALLMENTS = 400
# Drawing more keeps a processor busy for seconds (360: half a minute): the worker's, not the web's.
MOST_AT_ONCE = 60
# Our own numbers of requirements say nothing to who reads the paper; laws and manuals do.
_OUR_CODES = re.compile(r"\b(CAL|AGR)-\d+\b(; )?")

Told = Mapping[str, Any]


@dataclass(frozen=True)
class PaperStep:
    """One line: what, how, and below it from what, rounded how, by whose word and which rule."""

    label: str
    formula: str
    notes: str
    shown: str


@dataclass(frozen=True)
class PaperSection:
    title: str
    steps: list[PaperStep]


@dataclass
class Writing:
    """Puts a statement on paper; rules are cited by number and spelled once, at the end."""

    rules: dict[str, int] = field(default_factory=dict)

    def section(self, told: Told) -> PaperSection:
        """Return a section of a statement's JSON."""
        return PaperSection(told["title"], [self._step(step) for step in told["steps"]])

    def _step(self, told: Told) -> PaperStep:
        notes = " · ".join(self._notes(told))
        return PaperStep(told["label"], told["formula"], notes, told["shown"])

    def _notes(self, told: Told) -> Iterable[str]:
        if told["inputs"]:
            yield ", ".join(f"{each['label']} {each['shown']}" for each in told["inputs"])
        labels = (("arredondamento", "rounding"), ("origem", "origin"))
        yield from (f"{label}: {told[name]}" for label, name in labels if told[name])
        if rule := _OUR_CODES.sub("", told["source"]).strip("; "):
            yield f"regra {self.rules.setdefault(rule, len(self.rules) + 1)}"


def statement_of_calculation(calculation: Calculation, *, on: date) -> Document:
    """Return the memória of a calculation that nothing keeps, issued on `on`."""
    debtor = Debtor.objects.get(pk=calculation.debt.debtor_id)
    creditor = calculation.rows[0].contract.creditor
    heading = _heading(calculation.order.on)
    return _document(calculation.statement.to_json(), heading, debtor, creditor, on)


def statement_of_agreement(agreement: Agreement, *, on: date) -> Document:
    """Return the memória that an agreement was made with."""
    quote = agreement.quote
    heading = _heading(quote.on, f" · Acordo nº {agreement.number}")
    return _document(quote.statement, heading, agreement.debtor, agreement.creditor, on, quote)


def statement_of_quote(row: Quote, priced: Priced, *, on: date) -> Document:
    """Return the memória that was kept with a calculation."""
    heading = _heading(row.on)
    return _document(row.statement, heading, priced.debtor, priced.creditor, on, row)


def is_for_email(statement: Told) -> bool:
    """Tell whether a statement is too long to be drawn while somebody waits."""
    return len(statement.get("sections", [])) > MOST_AT_ONCE


def _heading(day: date, more: str = "") -> Heading:
    return Heading("Memória de cálculo", "", f"Cálculo de {day_text(day)}{more}")


def _document(
    statement: Told,
    heading: Heading,
    debtor: Debtor,
    creditor: Creditor,
    on: date,
    quote: Quote | None = None,
) -> Document:
    told = statement.get("sections", [])
    check_size(len(told), MOST_INSTALLMENTS)
    writing = Writing()
    context = {
        "debtor": debtor,
        "sections": [writing.section(section) for section in told],
        "rules": writing.rules,
        "quote": quote,
    }
    name = "-".join(["memoria", *re.findall(r"\d+", heading.subtitle)])
    return put_on_paper("statement", heading, creditor, name=name, on=on, context=context)
