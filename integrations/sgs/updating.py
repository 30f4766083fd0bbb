"""Bringing an index up to date: read, store, and say what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cobranca.accounts.models import User
from cobranca.campaigns.index_files import check_value
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.campaigns.services import save_index_values
from cobranca.campaigns.states import IndexKind
from cobranca.common.errors import DomainError
from integrations.core.budget import CallBudget, Priority
from integrations.core.calls import Caller, CallJournal
from integrations.core.errors import IntegrationError, PermanentError
from integrations.core.http import HttpClient
from integrations.sgs import config as c
from integrations.sgs import months, reading
from integrations.sgs.client import SgsClient
from integrations.sgs.mapper import Reading
from integrations.sgs.months import Span, first_of

NO_NEWS = "sem novidade"


@dataclass
class Outcome:
    """What became of one index; what was stored before a failure stays stored."""

    name: str
    included: int = 0
    changed: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the outcome in words, the same words for indices that fared alike."""
        counts = [_counted(self.included, "incluído"), _counted(self.changed, "alterado")]
        told = ", ".join(filter(None, counts))
        parts = [told, *self.problems[:1]]
        if len(self.problems) > 1:
            parts.append(f"mais {_counted(len(self.problems) - 1, 'problema')}")
        return "; ".join(filter(None, parts)) or NO_NEWS


def update_series(
    series: IndexSeries, *, on: date, full: bool = False, actor: User | None = None
) -> Outcome:
    """Read what an index lacks up to the month of `on`, and its last year again.

    Each answer is stored as it comes, so that the next time goes on from there; with `full` every
    month is compared. Running it twice changes nothing.
    """
    outcome = Outcome(series.name)
    stored = set(IndexValue.objects.filter(series=series).values_list("month", flat=True))
    try:
        for part in _readings(series, stored, on, full=full):
            outcome.problems += part.problems
            _store(series, part, stored, actor, outcome)
    except (IntegrationError, DomainError) as error:
        outcome.problems.append(error.message.rstrip("."))
    if not (stored or outcome.included or outcome.problems):
        outcome.problems.append("nenhum valor no Banco Central: confira o código da série")
    return outcome


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return one sentence for all indices that fared alike, failures first."""
    names: dict[str, list[str]] = {}
    for outcome in sorted(outcomes, key=lambda one: (not one.problems, one.text == NO_NEWS)):
        names.setdefault(outcome.text, []).append(outcome.name)
    return " ".join(f"{', '.join(alike)}: {text}." for text, alike in names.items())


def _readings(series: IndexSeries, stored: set[date], on: date, *, full: bool) -> Iterator[Reading]:
    code = series.sgs_code
    if code is None:
        raise DomainError("sem série do Banco Central no cadastro", "sgs_code")
    if code in c.VARIATIONS and series.kind != IndexKind.VARIATION:
        label = IndexKind.VARIATION.label
        raise PermanentError(f"a série {code} é de “{label}”: corrija o cadastro")
    config = c.load_config(series.agency)
    whole = Span(config.first_month, first_of(on))
    client = SgsClient(config, _http(series.agency_id))
    return reading.read(client, code, frozenset(stored), whole, full=full)


def _store(
    series: IndexSeries, part: Reading, stored: set[date], actor: User | None, outcome: Outcome
) -> None:
    """Save the values that can be ones of this index; the others are named."""
    good: dict[date, Decimal] = {}
    for month, value in part.values.items():
        problem = check_value(series.kind, month, value)
        if problem:
            outcome.problems.append(f"{months.text(month)}: {problem.rstrip('.')}")
        else:
            good[month] = value
    # What was here before is saved apart: a correction must not drown among a hundred new months
    # in the trail.
    for is_known in (True, False):
        values = {month: good[month] for month in good if (month in stored) is is_known}
        if values:
            saved = save_index_values(
                series, values, f"{c.PROVIDER}, série {series.sgs_code}", actor=actor
            )
            outcome.included += saved.included
            outcome.changed += saved.changed


def _http(agency_id: int) -> HttpClient:
    journal = CallJournal(Caller(agency_id, c.LOG_KIND))
    budget = CallBudget(agency_id, c.SYSTEM, c.LIMITS, Priority.REGISTRATION)
    return HttpClient(c.PROVIDER, None, journal, budget)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}" if count else ""
