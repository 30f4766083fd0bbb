"""A queue's filters against one debtor, in words: what was asked, what they have, does it fit.

The ranking asks the same in SQL (queue_sql.py); the two are compared in the tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.calc.words import reais
from cobranca.telecobranca.models import PromiseFilter, WorkQueue
from cobranca.telecobranca.queue_rules import Facts


@dataclass(frozen=True)
class Met:
    """One filter: its name, what the queue asks, what the debtor has, whether it fits."""

    label: str
    asked: str
    has: str
    is_met: bool


def filters_met(queue: WorkQueue, facts: Facts, on: date) -> list[Met]:
    """Return the filters that a queue has on what a debtor owes and promised."""
    return [
        *_range("Atraso", "dias", (queue.min_days_late, queue.max_days_late), facts.days_late),
        *_range("Total em aberto", "", (queue.min_total, queue.max_total), facts.total),
        *_range("Score", "pontos", (queue.min_score, queue.max_score), facts.score),
        *_quiet(queue, facts),
        *_promise(queue, facts, on),
    ]


def _range(label: str, unit: str, limits: tuple[Any, Any], measure: Any) -> Iterator[Met]:
    low, high = limits
    if low is None and high is None:
        return
    words = [f"{word} {_told(limit, unit)}" for word, limit in (("de", low), ("até", high))
             if limit is not None]  # fmt: skip
    fits = measure is not None and (low is None or measure >= low)
    fits = fits and (high is None or measure <= high)
    yield Met(label, " ".join(words), _told(measure, unit), fits)


def _told(measure: Any, unit: str) -> str:
    if measure is None:
        return "não se sabe"
    return reais(measure) if isinstance(measure, Decimal) else f"{measure} {unit}"


def _quiet(queue: WorkQueue, facts: Facts) -> Iterator[Met]:
    if queue.quiet_days is None:
        return
    quiet = facts.quiet_days
    has = "nunca contatado" if quiet is None else f"{quiet} dias"
    fits = quiet is None or quiet >= queue.quiet_days
    yield Met("Sem contato", f"há {queue.quiet_days} dias ou mais", has, fits)


def _promise(queue: WorkQueue, facts: Facts, on: date) -> Iterator[Met]:
    promised = facts.promise_on
    fits = {
        PromiseFilter.NONE: promised is None,
        PromiseFilter.OPEN: promised is not None,
        PromiseFilter.DUE: promised is not None and promised <= on,
    }
    if queue.promise in fits:
        has = f"para {promised:%d/%m/%Y}" if promised else "nenhuma"
        asked = PromiseFilter(queue.promise).label
        yield Met("Promessa", asked, has, fits[PromiseFilter(queue.promise)])
