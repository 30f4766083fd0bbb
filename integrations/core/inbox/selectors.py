"""What the log of announcements reads."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.common.masking import MASK, NAMED_SECRET
from integrations.core.models import WebhookDelivery, WebhookRefusal
from integrations.core.states import AT_WORK, DELIVERY_MOVES, DeliveryStatus


def systems_due(agency: Agency, *, now: datetime) -> list[str]:
    """Return the systems of which something waits to be processed now."""
    due = WebhookDelivery.objects.filter(
        agency=agency, status=DeliveryStatus.WAITING, due_at__lte=now
    )
    return list(due.order_by("system").values_list("system", flat=True).distinct())


def agencies_due(*, now: datetime) -> list[int]:
    """Return the agencies of which something waits to be processed now, for the sweeper."""
    with scopes_disabled():
        due = WebhookDelivery.objects.filter(
            status=DeliveryStatus.WAITING, due_at__lte=now, agency__is_active=True
        )
        return list(due.order_by("agency").values_list("agency", flat=True).distinct())


def deliveries(filters: dict[str, Any]) -> QuerySet[WebhookDelivery]:
    """Return announcements by period, event, status, errors and search terms, newest first."""
    found = WebhookDelivery.objects.defer("body")
    if filters.get("start"):
        found = found.filter(received_at__date__gte=filters["start"])
    if filters.get("end"):
        found = found.filter(received_at__date__lte=filters["end"])
    if filters.get("event"):
        found = found.filter(event=filters["event"])
    if status := filters.get("status"):
        found = found.filter(status__in=[status] if isinstance(status, str) else status)
    if filters.get("only_errors"):
        found = found.exclude(error="")
    if filters.get("terms"):
        found = found.filter(_mentions(filters["terms"]))
    return found


def _mentions(terms: str) -> Q:
    wanted = Q()
    for term in terms.split():
        wanted &= (
            Q(contract=term)
            | Q(sale=term)
            | Q(customer=term)
            | Q(key__iexact=term)
            | Q(body__icontains=term)
            | Q(error__icontains=term)
        )
    return wanted


def events_known() -> list[tuple[str, str]]:
    """Return the events that occur in the agency's log, for the filter."""
    values = WebhookDelivery.objects.order_by("event").values_list("event", flat=True).distinct()
    return [(value, value) for value in values[:200]]


def counts_by_status(of: Q | None = None) -> dict[str, int]:
    """Return how many announcements of the agency (of those `of` says) are in each status."""
    found = WebhookDelivery.objects.filter(of or Q()).order_by()
    return dict(found.values_list("status").annotate(Count("pk")))


def counts_told(counts: dict[str, int]) -> str:
    """Say in words what was processed lately; nothing when nothing was."""
    told = [
        f"{counts[status]} {DeliveryStatus(status).label.lower()}"
        for status in (DeliveryStatus.DONE, DeliveryStatus.UNMATCHED, DeliveryStatus.PARKED)
        if counts.get(status)
    ]
    return f"Nos últimos 10 minutos: {', '.join(told)}." if told else ""


def refusals(filters: dict[str, Any]) -> QuerySet[WebhookRefusal]:
    """Return what was turned away in the period of the filters, newest first."""
    found = WebhookRefusal.objects.all()
    if filters.get("start"):
        found = found.filter(at__date__gte=filters["start"])
    if filters.get("end"):
        found = found.filter(at__date__lte=filters["end"])
    return found


def moves_of(delivery: WebhookDelivery, *, now: datetime) -> frozenset[str]:
    """Return what a person may do with an announcement: retry, discard."""
    moves = DELIVERY_MOVES.get(delivery.status, set())
    found = {"discard"} if DeliveryStatus.DISCARDED in moves else set()
    is_idle = delivery.status == DeliveryStatus.WAITING and delivery.outcome != AT_WORK
    if DeliveryStatus.WAITING in moves or (is_idle and delivery.due_at > now):
        found.add("retry")
    return frozenset(found)


def body_shown(delivery: WebhookDelivery) -> str:
    """Return a body as people see it: what stands under a secret's name is masked."""
    return NAMED_SECRET.sub(rf"\1{MASK}", delivery.body)
