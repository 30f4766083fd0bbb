"""What the dashboards are told of the integrations: a handful of set-based reads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q
from django.urls import reverse

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.creditors.models import Creditor
from cobranca.reports.connections import CallsLeft, Health, LoadHealth
from integrations.core.budget import limited_systems
from integrations.core.health import STALE
from integrations.core.models import (
    ErpOperation,
    ImportRun,
    IntegrationLog,
    LoadState,
    WebhookDelivery,
)
from integrations.core.outlook import outlook_of
from integrations.core.states import DeliveryStatus, OperationStep, RunStatus

# The ERP may have it, and nobody knows yet.
ONE_DAY = timedelta(days=1)
STUCK = (OperationStep.SENDING, OperationStep.UNDOING)


def health_of(agency: Agency, start: datetime, end: datetime, now: datetime) -> Health:
    """Return the health of an agency's integrations; failures are those of a period."""
    period = {"at__gte": start, "at__lt": end}
    calls = IntegrationLog.objects.filter(agency=agency, **period)
    told = calls.aggregate(all=Count("pk"), failed=Count("pk", filter=~Q(error="")))
    waiting, parked = DeliveryStatus.WAITING, DeliveryStatus.PARKED
    announced = WebhookDelivery.objects.filter(agency=agency, status__in=[waiting, parked])
    webhooks = announced.aggregate(
        waiting=Count("pk", filter=Q(status=waiting)),
        parked=Count("pk", filter=Q(status=parked)),
        oldest=Min("received_at", filter=Q(status=waiting)),
    )
    return Health(
        loads=_loads(agency, start, end, now),
        calls=_calls(agency, now),
        webhooks_waiting=webhooks["waiting"],
        oldest_webhook_at=webhooks["oldest"],
        webhooks_parked=webhooks["parked"],
        requests=told["all"],
        requests_failed=told["failed"],
        writes_stuck=ErpOperation.objects.filter(agency=agency, step__in=STUCK).count(),
        pages=_pages(clock.office_date(start), clock.office_date(end - ONE_DAY)),
    )


def _pages(start: date, end: date) -> dict[str, str]:
    """Return where each figure is told at length."""
    period = urlencode({"start": start.isoformat(), "end": end.isoformat()})
    imports, logs = reverse("integrations:imports"), reverse("integrations:logs")
    webhooks = reverse("integrations:webhooks")
    return {
        "stale": imports,
        "failures": imports,
        "webhooks_waiting": f"{webhooks}?status={DeliveryStatus.WAITING}",
        "webhooks_parked": f"{webhooks}?status={DeliveryStatus.PARKED}",
        "requests": f"{logs}?{period}",
        "requests_failed": f"{logs}?{period}&only_errors=on",
        "writes_stuck": reverse("integrations:operations"),
    }


def _loads(agency: Agency, start: datetime, end: datetime, now: datetime) -> list[LoadHealth]:
    integrated = Creditor.objects.filter(agency=agency, is_active=True).exclude(creditor_type="")
    states = {state.creditor_id: state for state in LoadState.objects.filter(agency=agency)}
    failed = ImportRun.objects.filter(
        agency=agency, status=RunStatus.FAILED, finished_at__gte=start, finished_at__lt=end
    )
    failures = {
        row["creditor"]: row
        for row in failed.order_by().values("creditor").annotate(number=Count("pk"), last=Max("pk"))
    }
    said = dict(
        ImportRun.objects.filter(pk__in=[row["last"] for row in failures.values()]).values_list(
            "creditor", "message"
        )
    )
    return [
        _load(creditor, states.get(creditor.pk), failures.get(creditor.pk, {}), said, now)
        for creditor in integrated
    ]


def _load(
    creditor: Creditor,
    state: LoadState | None,
    failures: Mapping[str, Any],
    said: dict[int, str],
    now: datetime,
) -> LoadHealth:
    loaded = state.loaded_until if state else None
    return LoadHealth(
        creditor_id=creditor.pk,
        creditor=str(creditor),
        loaded_at=loaded,
        full_at=state.full_at if state else None,
        is_stale=loaded is None or now - loaded > STALE,
        failures=failures.get("number", 0),
        last_failure=said.get(creditor.pk, ""),
        url=reverse("integrations:imports"),
    )


def _calls(agency: Agency, now: datetime) -> Sequence[CallsLeft]:
    return [
        CallsLeft(
            label=f"{known.label} {outlook.pool.pool.upper()}",
            used=outlook.pool.day_used,
            limit=outlook.pool.day_limit,
            sentence=outlook.sentence,
            is_short=outlook.state in ("spent", "short"),
        )
        for system, known in sorted(limited_systems().items())
        for outlook in outlook_of(agency, system, now)
    ]
