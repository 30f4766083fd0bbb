"""The form of a memória de cálculo: sections of steps, on screen, as PDF and as JSON (CAL-13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.calc.words import day_text, days_text, reais

# Money, a day, a number of days, or words (percentages come written).
Figure = Decimal | date | int | str
Inputs = tuple[tuple[str, Figure], ...]

HALF_UP = "ao centavo, meio centavo para cima"
CUT = "centavos truncados"


@dataclass(frozen=True, slots=True)
class Step:
    """One figure: what it is, how it was got, from what, how rounded, who said so, by what rule."""

    label: str
    formula: str
    inputs: Inputs
    result: Figure
    rounding: str = ""
    origin: str = ""
    source: str = ""

    @property
    def shown(self) -> str:
        """The result as people write it."""
        return shown(self.result)


@dataclass(frozen=True, slots=True)
class Section:
    """Steps that belong together: an installment, the discounts, the totals, the parcels."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole memória de cálculo."""

    sections: tuple[Section, ...]

    def to_json(self) -> dict[str, Any]:
        """See `to_json` beside this class."""
        return to_json(self)


def shown(figure: Figure) -> str:
    """Write a figure for people: R$ 95,58, 30/10/2021, 18 dias; words as they are."""
    match figure:
        case Decimal():
            return reais(figure)
        case date():
            return day_text(figure)
        case int():
            return days_text(figure)
        case _:
            return figure


def exact(figure: Figure) -> str:
    """Write a figure for machines: 95.58, 2021-10-30, 18; words as they are."""
    return figure.isoformat() if isinstance(figure, date) else str(figure)


def to_json(made: Statement) -> dict[str, Any]:
    """Return a statement as JSON-able data: each figure both exact (`value`) and as `shown`."""
    return {
        "sections": [
            {"title": section.title, "steps": [_step_to_json(step) for step in section.steps]}
            for section in made.sections
        ]
    }


def _step_to_json(step: Step) -> dict[str, Any]:
    return {
        "label": step.label,
        "formula": step.formula,
        "inputs": [
            {"label": label, "value": exact(figure), "shown": shown(figure)}
            for label, figure in step.inputs
        ],
        "value": exact(step.result),
        "shown": step.shown,
        "rounding": step.rounding,
        "origin": step.origin,
        "source": step.source,
    }


def signed_sum(terms: Iterable[tuple[str, Decimal]]) -> str:
    """Write a sum whose terms come with their sign: R$ 10,00 + R$ 2,00 − R$ 1,00; zeros are left
    out but for the first."""
    words = ""
    for sign, amount in terms:
        if not words:
            words = reais(amount)
        elif amount:
            words += f" {sign} {reais(amount)}"
    return words
