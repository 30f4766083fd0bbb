"""Taking announcements to work on, and writing down what came of them.

Whoever takes one moves its `due_at` to the end of a lease. That instant is the proof of holding
it: it is never given out twice, and whoever comes back late, or holds one that came again
meanwhile, finds another instant there and writes nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from integrations.core.models import WebhookDelivery
from integrations.core.states import AT_WORK, DeliveryStatus, check_delivery_move

LEASE = timedelta(minutes=5)
BATCH = 500
# Pauses after the first, second… failure; after the last of them a person decides.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)
WAITS_FOR_ERP = "Aguardando o ERP"
_TABLE = WebhookDelivery._meta.db_table
_TAKE = f"""
WITH due AS MATERIALIZED (
    SELECT id FROM {_TABLE}
    WHERE status = 'waiting' AND due_at <= %(now)s AND agency_id = %(agency)s
        AND system = %(system)s
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE {_TABLE} d SET due_at = %(until)s, attempts = attempts + 1, outcome = %(at_work)s
FROM due WHERE d.id = due.id
RETURNING d.id, d.event, d.contract, d.sale, d.attempts, d.received_at,
    d.due_at
"""  # noqa: S608  (our own table's name)


class LostLeaseError(Exception):
    """Somebody else took what was held: nothing of it may be written any more."""


@dataclass(frozen=True)
class Held:
    """An announcement that is held, until `lease`."""

    pk: int
    event: str
    contract: str
    sale: str
    attempts: int
    received_at: datetime
    lease: datetime


def take(
    *, agency_id: int, system: str, now: datetime, lease: timedelta = LEASE, limit: int = BATCH
) -> list[Held]:
    """Take due announcements of one system, oldest first, for the length of a lease."""
    until = now + lease
    values: dict[str, Any] = {
        "agency": agency_id,
        "system": system,
        "now": now,
        "until": until,
        "limit": limit,
        "at_work": AT_WORK,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return [Held(*row) for row in sorted(cursor.fetchall())]


def _ours(held: Collection[Held]) -> QuerySet[WebhookDelivery]:
    """Return the rows that are still ours."""
    leases = {one.lease for one in held}
    return WebhookDelivery.objects.filter(
        pk__in=[one.pk for one in held], status=DeliveryStatus.WAITING, due_at__in=leases
    )


def settle(held: Collection[Held], status: DeliveryStatus, outcome: str, *, now: datetime) -> int:
    """End the work on announcements that are still ours; return how many those were."""
    check_delivery_move(DeliveryStatus.WAITING, status)
    return _ours(held).update(status=status, outcome=outcome[:200], error="", processed_at=now)


def settle_with_effect(held: Collection[Held], outcome: str, *, now: datetime) -> int:
    """Mark as done in the transaction of the effect; LostLeaseError undoes it if none is ours."""
    number = settle(held, DeliveryStatus.DONE, outcome, now=now)
    if number == 0:
        raise LostLeaseError
    return number


def fail(held: Collection[Held], error: str, *, now: datetime) -> int:
    """Try again later; after the last pause, park for a person. Return how many were parked."""
    parked = [one for one in held if one.attempts > len(PAUSES)]
    again: Mapping[int, list[Held]] = {
        number: [one for one in held if one.attempts == number + 1] for number in range(len(PAUSES))
    }
    for number, some in again.items():
        if some:
            due_at = now + PAUSES[number]
            _ours(some).update(due_at=due_at, outcome="", error=error[:300])
    if not parked:
        return 0
    check_delivery_move(DeliveryStatus.WAITING, DeliveryStatus.PARKED)
    return _ours(parked).update(
        status=DeliveryStatus.PARKED, outcome="", error=error[:300], processed_at=now
    )


def give_back(held: Collection[Held], error: str, *, until: datetime) -> int:
    """Let announcements wait for the ERP; an attempt it had no part in does not count."""
    return _ours(held).update(
        due_at=until, attempts=F("attempts") - 1, outcome=WAITS_FOR_ERP, error=error[:300]
    )


def join_the_wait(*, agency_id: int, system: str, error: str, until: datetime) -> int:
    """Have all that is due wait for the ERP together."""
    due = _waiting(agency_id, system).exclude(outcome=AT_WORK).filter(due_at__lt=until)
    fresh = due.exclude(outcome="", attempts__gt=0)  # those have a pause of their own
    return fresh.update(due_at=until, outcome=WAITS_FOR_ERP, error=error[:300])


def wait_of(*, agency_id: int, system: str, now: datetime) -> tuple[datetime, str] | None:
    """Return until when announcements wait for the ERP, and why; None when they do not."""
    waiting = _waiting(agency_id, system).filter(outcome=WAITS_FOR_ERP, due_at__gt=now)
    found: tuple[datetime, str] | None = (
        waiting.order_by("-due_at").values_list("due_at", "error").first()
    )
    return found


def wait_over(*, agency_id: int, system: str, now: datetime) -> int:
    """Make due what waits for the ERP: it answered."""
    waiting = _waiting(agency_id, system).filter(outcome=WAITS_FOR_ERP, due_at__gt=now)
    return waiting.update(due_at=now)


def make_due(*, agency_id: int, now: datetime) -> int:
    """Make due all that waits and nobody is at, whatever its pause: a person wants it now."""
    waiting = WebhookDelivery.objects.filter(
        agency_id=agency_id, status=DeliveryStatus.WAITING, due_at__gt=now
    )
    return waiting.exclude(outcome=AT_WORK).update(due_at=now)


def _waiting(agency_id: int, system: str) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(
        agency_id=agency_id, system=system, status=DeliveryStatus.WAITING
    )
