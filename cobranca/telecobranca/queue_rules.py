"""How a queue puts debtors in order: weighted criteria, in plain arithmetic.

The ranking computes the same in SQL (queue_sql.py), set by set; here is what "why?" shows, and
what the ranking is tested against. Points are thousandths of a weight, whole numbers throughout.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices

from cobranca.common.errors import DomainError

HEAVIEST = 100
WHOLE = 1000
LARGEST_FULL = 10_000_000


class Criterion(TextChoices):
    DAYS_LATE = "days_late", "Dias de atraso"
    TOTAL = "total", "Valor em aberto"
    LAST_CONTACT = "last_contact", "Tempo sem contato"
    PROMISE = "promise", "Promessa vencendo ou vencida"
    SCORE = "score", "Score"


# What earns the whole weight where nobody says it, and in what it is counted.
FULL_AT = {
    Criterion.DAYS_LATE: 180,
    Criterion.TOTAL: 50_000,
    Criterion.LAST_CONTACT: 30,
    Criterion.PROMISE: 1,
    Criterion.SCORE: 1000,
}
UNITS = {
    Criterion.DAYS_LATE: "dias",
    Criterion.TOTAL: "reais",
    Criterion.LAST_CONTACT: "dias",
    Criterion.PROMISE: "",
    Criterion.SCORE: "pontos",
}


@dataclass(frozen=True)
class Rule:
    """One criterion of a queue's order: its weight, and the measure that earns all of it.

    A negative weight puts debtors later.
    """

    by: str
    weight: int
    full: int


@dataclass(frozen=True)
class Facts:
    """What the ranking looks at; a promise is `due` from its day on, never contacted is None."""

    days_late: int
    total: Decimal
    quiet_days: int | None
    promise_on: date | None
    score: int | None


@dataclass(frozen=True)
class Part:
    """What one rule gave, in thousandths of a point of its weight."""

    rule: Rule
    measure: int | None
    points: int

    @property
    def label(self) -> str:
        return Criterion(self.rule.by).label

    @property
    def unit(self) -> str:
        return UNITS[Criterion(self.rule.by)]

    @property
    def shown(self) -> Decimal:
        """Points as people read them."""
        return Decimal(self.points) / WHOLE


DEFAULT_ORDER = (
    Rule(Criterion.PROMISE, 40, 1),
    Rule(Criterion.DAYS_LATE, 25, 180),
    Rule(Criterion.TOTAL, 25, 50_000),
    Rule(Criterion.LAST_CONTACT, 10, 30),
)


def rules_of(stored: Any) -> list[Rule]:
    """Return the rules that a queue's `ordering` holds; what is none of ours is passed over."""
    rows = stored if isinstance(stored, list) else []
    return [rule for row in rows if (rule := _rule(row)) is not None]


def _rule(row: Any) -> Rule | None:
    if not isinstance(row, Mapping) or row.get("by") not in Criterion.values:
        return None
    weight, full = row.get("weight"), row.get("full", FULL_AT[Criterion(row["by"])])
    if not isinstance(weight, int) or not isinstance(full, int) or not weight or full < 1:
        return None
    return Rule(row["by"], weight, full)


def stored(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return rules as a queue stores them."""
    return [{"by": str(rule.by), "weight": rule.weight, "full": rule.full} for rule in rules]


def check_rules(rules: Sequence[Rule]) -> None:
    """Refuse rules that say nothing or twice the same thing."""
    if len({rule.by for rule in rules}) < len(rules):
        raise DomainError("Cada critério entra uma vez só.", "ordering")
    for rule in rules:
        if rule.by not in Criterion.values:
            raise DomainError(f"Critério desconhecido: {rule.by}.", "ordering")
        if not rule.weight or abs(rule.weight) > HEAVIEST:
            raise DomainError(f"O peso vai de -{HEAVIEST} a {HEAVIEST}, sem o zero.", "ordering")
        if not 1 <= rule.full <= LARGEST_FULL:
            raise DomainError("“Peso inteiro em” é um número inteiro positivo.", "ordering")


def measure_of(rule: Rule, facts: Facts, on: date) -> int | None:
    """Return what a rule measures of a debtor; None where nothing is known."""
    promised = facts.promise_on
    return {
        Criterion.DAYS_LATE: max(facts.days_late, 0),
        Criterion.TOTAL: int(facts.total),
        # Never contacted is as long ago as can be.
        Criterion.LAST_CONTACT: rule.full if facts.quiet_days is None else facts.quiet_days,
        Criterion.PROMISE: rule.full if promised is not None and promised <= on else 0,
        Criterion.SCORE: facts.score,
    }[Criterion(rule.by)]


def parts_of(rules: Iterable[Rule], facts: Facts, on: date) -> list[Part]:
    """Return what each rule gives a debtor on a day."""
    return [_part(rule, measure_of(rule, facts, on)) for rule in rules]


def _part(rule: Rule, measure: int | None) -> Part:
    share = WHOLE * min(max(measure or 0, 0), rule.full) // rule.full
    return Part(rule, measure, rule.weight * share)


def points_of(rules: Iterable[Rule], facts: Facts, on: date) -> int:
    """Return the points of a debtor: more comes first."""
    return sum(part.points for part in parts_of(rules, facts, on))


# Room for the points of one queue between two of them.
QUEUE_STEP = 10_000_000


def rank_of(order: int, points: int) -> int:
    """Return the place of `points` in the queue that is the `order`-th: lower comes first."""
    return order * QUEUE_STEP - points
