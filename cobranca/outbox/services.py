"""What leaves: written in the transaction of its cause, delivered after it.

A delivery is taken by moving its `due_at` past a lease, in a transaction of its own: nobody else
takes it meanwhile, and if whoever took it dies it is due again when the lease is over. The number
of attempts tells whoever comes back late that the delivery is no longer theirs.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action
from cobranca.common.bell import ring_on_commit
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.states import DeliveryStatus, check_move

DELIVER = "outbox.deliver"
LEASE = timedelta(minutes=5)
# Pauses after the first, second… failed attempt; after the last of them a person decides.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)


def publish(topic: str, *, agency: Agency, payload: Mapping[str, Any], key: str) -> None:
    """Write something to be delivered after the present transaction.

    `key` names the fact within its topic: publishing it again changes nothing.
    """
    event = OutboxEvent(agency=agency, topic=topic, payload=dict(payload), idempotency_key=key)
    OutboxEvent._base_manager.bulk_create([event], ignore_conflicts=True)
    stored = OutboxEvent._base_manager.filter(agency=agency, topic=topic, idempotency_key=key)
    for pk in stored.values_list("pk", flat=True):
        ring_on_commit(DELIVER, pk)


@transaction.atomic
def publish_later(
    topic: str, *, agency: Agency, payload: Mapping[str, Any], subject: str, after: timedelta
) -> None:
    """Write something to be delivered once, a while from now, however often it is asked for.

    What is asked for of one `subject` while a delivery of it still waits goes with that one. One
    that was taken may have looked already: then another is written.
    """
    waiting = OutboxEvent.objects.filter(
        agency=agency,
        topic=topic,
        idempotency_key__startswith=f"{subject}@",
        status=DeliveryStatus.PENDING,
        attempts=0,
    )
    # Locked, so that nobody takes it before what was changed with this is there to be seen.
    if list(waiting.select_for_update().values_list("pk", flat=True)):
        return
    OutboxEvent.objects.create(
        agency=agency,
        topic=topic,
        payload=dict(payload),
        idempotency_key=f"{subject}@{uuid4().hex}",
        due_at=Now() + after,
    )


@transaction.atomic
def take(event_id: int, *, now: datetime) -> OutboxEvent | None:
    """Take a due delivery for the length of a lease; None when it is not to be had.

    One that took its worker down at every attempt waits for a person.
    """
    due = OutboxEvent.objects.filter(pk=event_id, status=DeliveryStatus.PENDING, due_at__lte=now)
    event = due.select_for_update(skip_locked=True).first()
    if event is None:
        return None
    if event.attempts > len(PAUSES):
        park(event, f"Interrompida {event.attempts} vezes; não será repetida.")
        return None
    event.attempts += 1
    event.due_at = now + LEASE
    event.save(update_fields=["attempts", "due_at"])
    return event


def _settle(event: OutboxEvent, **values: Any) -> bool:
    """Write the outcome if the delivery is still ours (compare-and-swap on its own columns)."""
    ours = OutboxEvent.objects.filter(
        pk=event.pk, status=DeliveryStatus.PENDING, attempts=event.attempts
    )
    return ours.update(**values) == 1


def mark_delivered(event: OutboxEvent, *, now: datetime) -> bool:
    """Record that a taken delivery arrived."""
    return _settle(event, status=DeliveryStatus.DELIVERED, delivered_at=now, error="")


def mark_failed(
    event: OutboxEvent, error: str, *, now: datetime, at_least: timedelta = timedelta(0)
) -> bool:
    """Put a failed delivery back for later; after the last attempt, park it for a person."""
    if event.attempts > len(PAUSES):
        return park(event, error)
    pause = max(PAUSES[event.attempts - 1], at_least)
    return _settle(event, due_at=now + pause, error=error[:300])


def park(event: OutboxEvent, error: str) -> bool:
    """Stop trying until a person decides."""
    return _settle(event, status=DeliveryStatus.PARKED, error=error[:300])


@transaction.atomic
def retry(*, event_id: int, actor: User, now: datetime) -> OutboxEvent:
    """Try a parked delivery again, with all its attempts."""
    event = OutboxEvent.objects.select_for_update().get(pk=event_id)
    check_move(event.status, DeliveryStatus.PENDING)
    event.status, event.due_at, event.attempts = DeliveryStatus.PENDING, now, 0
    event.save(update_fields=["status", "due_at", "attempts"])
    log_action("outbox.retried", event, actor, agency=event.agency)
    ring_on_commit(DELIVER, event.pk)
    return event


@transaction.atomic
def discard(*, event_id: int, actor: User) -> OutboxEvent:
    """Give up a delivery for good; the row stays."""
    event = OutboxEvent.objects.select_for_update().get(pk=event_id)
    check_move(event.status, DeliveryStatus.DISCARDED)
    # One attempt more than anyone holds: a delivery under way can no longer write its outcome.
    OutboxEvent.objects.filter(pk=event.pk).update(
        status=DeliveryStatus.DISCARDED, attempts=F("attempts") + 1
    )
    event.refresh_from_db()
    log_action("outbox.discarded", event, actor, agency=event.agency)
    return event
