"""What waits to leave."""

from datetime import datetime

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.states import DeliveryStatus


def due_events(*, now: datetime, limit: int = 500) -> list[int]:
    """Return the ids of what is due in all agencies, oldest first."""
    with scopes_disabled():
        due = OutboxEvent.objects.filter(status=DeliveryStatus.PENDING, due_at__lte=now)
        return list(due.order_by("due_at").values_list("pk", flat=True)[:limit])


def agency_of_event(event_id: int) -> Agency | None:
    """Return whose delivery it is, for work that starts from an id alone."""
    with scopes_disabled():
        found = OutboxEvent.objects.filter(pk=event_id).select_related("agency").first()
    return found.agency if found else None


def parked_events(agency: Agency) -> QuerySet[OutboxEvent]:
    """Return what a person has to decide about."""
    return OutboxEvent.objects.filter(agency=agency, status=DeliveryStatus.PARKED)
