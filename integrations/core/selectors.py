"""What the back office screens read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from integrations.core.models import ImportIssue, ImportRun, IntegrationLog, LoadState
from integrations.core.states import ALIVE, RunStatus


@dataclass(frozen=True)
class Progress:
    """How far a run is, for the bar and the sentence beside it."""

    percent: int
    pages: int
    contracts: int
    installments: int
    seconds_left: int | None
    is_alive: bool


def progress_of(run: ImportRun, now: datetime) -> Progress:
    """Estimate a run's progress from the pages foreseen; applying is its last tenth."""
    records = run.details.get("records", {})
    share = min(run.pages / run.pages_expected, 1) if run.pages_expected else 0
    percent = {RunStatus.QUEUED: 0, RunStatus.APPLYING: 95}.get(RunStatus(run.status), 100)
    if run.status == RunStatus.READING:
        percent = int(share * 90)
    return Progress(
        percent=percent,
        pages=run.pages,
        contracts=records.get("contracts", 0),
        installments=records.get("installments", 0),
        seconds_left=_seconds_left(run, percent, now),
        is_alive=run.status in ALIVE,
    )


def _seconds_left(run: ImportRun, percent: int, now: datetime) -> int | None:
    if run.started_at is None or not 5 <= percent < 100:
        return None
    spent = (now - run.started_at).total_seconds()
    return max(1, round(spent * (100 - percent) / percent))


def runs() -> QuerySet[ImportRun]:
    """Return the agency's runs, newest first."""
    return ImportRun.objects.select_related("creditor", "requested_by").defer("cursor", "staged")


def issues_of(run: ImportRun) -> QuerySet[ImportIssue]:
    """Return a run's issues in the order they were found."""
    return ImportIssue.objects.filter(run=run).order_by("pk")


def logs(filters: dict[str, Any]) -> QuerySet[IntegrationLog]:
    """Return calls by period, kind, method, errors and search terms (SIE-27)."""
    found = IntegrationLog.objects.select_related("creditor").defer("request", "response")
    if filters.get("start"):
        found = found.filter(at__date__gte=filters["start"])
    if filters.get("end"):
        found = found.filter(at__date__lte=filters["end"])
    for name in ("kind", "method"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    if filters.get("only_errors"):
        found = found.exclude(error="")
    if filters.get("terms"):
        found = found.filter(_mentions(filters["terms"]))
    return found


def _mentions(terms: str) -> Q:
    wanted = Q()
    for term in terms.split():
        wanted &= Q(contract=term) | Q(url__icontains=term) | Q(error__icontains=term)
    return wanted


def log_choices(name: str) -> list[tuple[str, str]]:
    """Return the kinds or methods that occur in the agency's log, for the filter."""
    values = IntegrationLog.objects.order_by(name).values_list(name, flat=True).distinct()
    return [(value, value) for value in values[:200]]


def freshness_of(creditor_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each creditor's portfolio was last loaded."""
    states = LoadState.objects.filter(creditor_id__in=creditor_ids, loaded_until__isnull=False)
    return {state.creditor_id: state.loaded_until for state in states if state.loaded_until}
