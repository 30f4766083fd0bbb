"""Announcements of titles unknown here (SIE-17), and what is forgotten after a while."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from cobranca.accounts.models import Agency
from integrations.core.inbox.matching import creditors_of
from integrations.core.models import WebhookDelivery, WebhookRefusal
from integrations.core.registry import entry_of_system
from integrations.core.states import DeliveryStatus, check_delivery_move

ENDED = (DeliveryStatus.DONE, DeliveryStatus.DISCARDED)
# Few enough rows a statement that nobody waits behind it.
BATCH = 5000


def look_again(agency: Agency, system: str, *, read_from: datetime, now: datetime) -> int:
    """Go through what was kept, after a load that began at `read_from`; return what was matched.

    The load read the facts of the titles it brought: what was announced before it is deleted,
    what was announced since is processed. Others are kept for the days of the parameter.
    """
    kept = WebhookDelivery.objects.filter(
        agency=agency, system=system, status=DeliveryStatus.UNMATCHED
    )
    titles = set(kept.exclude(contract="").values_list("contract", flat=True))
    known = creditors_of(agency.pk, system, titles)
    matched = kept.filter(contract__in=known)
    check_delivery_move(DeliveryStatus.UNMATCHED, DeliveryStatus.WAITING)
    again = matched.filter(received_at__gte=read_from).update(
        status=DeliveryStatus.WAITING, due_at=now, attempts=0, outcome="", error=""
    )
    deleted = int(matched.filter(received_at__lt=read_from).delete()[0])
    forget_unmatched(agency, system, now=now)
    return again + deleted


def forget_unmatched(agency: Agency, system: str, *, now: datetime) -> int:
    """Delete what stayed unmatched for longer than the parameter says."""
    entry = entry_of_system(system)
    days = entry.webhook_days(agency) if entry else 7
    kept = WebhookDelivery.objects.filter(
        agency=agency, system=system, status=DeliveryStatus.UNMATCHED
    )
    return int(kept.filter(received_at__lt=now - timedelta(days=days)).delete()[0])


def forget_old(agency: Agency, *, before: datetime, now: datetime) -> int:
    """Delete what ended, and what was refused, before an instant; what waits is kept.

    Unmatched ones have days of their own, which pass also where nothing is loaded any more.
    """
    kept = WebhookDelivery.objects.filter(agency=agency, status=DeliveryStatus.UNMATCHED)
    for system in kept.order_by().values_list("system", flat=True).distinct():
        forget_unmatched(agency, system, now=now)
    ended = WebhookDelivery.objects.filter(agency=agency, status__in=ENDED, processed_at__lt=before)
    refused = WebhookRefusal.objects.filter(agency=agency, at__lt=before)
    return _delete(ended) + _delete(refused)


def _delete(rows: QuerySet) -> int:
    deleted = 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        deleted += int(rows.model.objects.filter(pk__in=ids).delete()[0])
    return deleted
