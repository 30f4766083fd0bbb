"""What the back office screens read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from cobranca.accounts.models import Agency
from cobranca.common.prepared import Prepared
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
        found = found.filter(at__gte=_midnight(filters["start"]))
    if filters.get("end"):
        found = found.filter(at__lt=_midnight(filters["end"] + timedelta(days=1)))
    for name in ("kind", "method"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    if filters.get("only_errors"):
        found = found.exclude(error="")
    if filters.get("terms"):
        found = found.filter(_mentions(filters["terms"]))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def _mentions(terms: str) -> Q:
    wanted = Q()
    for term in terms.split():
        # Addresses are compared as they are: folding the case of a million takes seconds.
        wanted &= Q(contract=term) | Q(url__contains=term) | Q(error__icontains=term)
    return wanted


# Each step of the index finds the next value, however many rows have it.
_LOG = IntegrationLog._meta.db_table
_CHOICES = f"""
WITH RECURSIVE found AS (
    (SELECT kind, method FROM {_LOG} WHERE agency_id = %(agency)s
     ORDER BY kind, method LIMIT 1)
    UNION ALL
    SELECT next.kind, next.method FROM found, LATERAL (
        SELECT kind, method FROM {_LOG}
        WHERE agency_id = %(agency)s AND (kind, method) > (found.kind, found.method)
        ORDER BY kind, method LIMIT 1
    ) AS next
)
SELECT kind, method FROM found LIMIT 200
"""  # noqa: S608  (our own table's name)


def log_choices(agency: Agency) -> tuple[list[str], list[str]]:
    """Return the kinds and the methods that occur in the agency's log, for the filters."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, {"agency": agency.pk})
        found = cursor.fetchall()
    return sorted({kind for kind, _ in found}), sorted({method for _, method in found})


def freshness_of(creditor_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each creditor's portfolio was last loaded."""
    return {creditor: at for creditor, at in _loaded() if creditor in creditor_ids}


# Of all creditors of the agency: they are few, and the page of a debtor asks each time.
_loaded = Prepared(
    lambda: LoadState.objects.filter(loaded_until__isnull=False).values_list(
        "creditor_id", "loaded_until"
    )
)
