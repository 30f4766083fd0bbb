"""Giving collectors their next debtor: one statement, a different debtor for each.

A hold is a lease: it ends by itself when nobody renews it, for `available_at`, which is all that
a draw asks, is where the hold ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django_scopes import get_scope

from cobranca.accounts.models import User
from cobranca.common.prepared import ask
from cobranca.telecobranca.models import DrawEnd
from cobranca.telecobranca.queue_candidates import values_for
from cobranca.telecobranca.queue_places import places_at
from cobranca.telecobranca.services.ranking import LOCK_SPACE

# Somebody passed over comes back after this.
SKIPPED_FOR = timedelta(minutes=30)

# A function of the database (migration 0006): what it does is planned once a connection.
DRAW = "SELECT * FROM telecobranca_draw(%s, %s, %s, %s, %s::bigint[], %s::text[], %s)"
DRAW_IS_TOLD = ("me", "agency", "at", "again", "pools", "places", "is_open")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A debtor in a collector's hands until `held_until`; `is_reminder` when it was theirs."""

    debtor_id: int
    queue_id: int
    queue: str
    held_until: datetime
    is_reminder: bool


def next_debtor(collector: User, at: datetime) -> Drawn | None:
    """Give a collector the next debtor; what they still held goes back, for later.

    None when nobody waits, or nobody who may be called now.
    """
    places = places_at(at)
    values = {**values_for(collector, at, places), "again": at + SKIPPED_FOR}
    drawn = _draw(values)
    if drawn is None and not places.is_nowhere:
        drawn = _draw_after_ranking(values)
    return drawn


def _draw(values: dict[str, Any]) -> Drawn | None:
    rows = ask(DRAW, *(values[name] for name in DRAW_IS_TOLD))
    return Drawn(*rows[0]) if rows else None


@transaction.atomic
def _draw_after_ranking(values: dict[str, Any]) -> Drawn | None:
    """Draw again once nobody ranks the queue: rows that a ranking is writing are passed over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK_SPACE, values["agency"]]
        )
    return _draw(values)


RELEASE = """
WITH held AS (
    SELECT debtor_id, agency_id, queue_id, held_by_id, held_at, held_until
    FROM telecobranca_queueentry
    WHERE debtor_id = %(debtor)s AND agency_id = %(agency)s
      AND (%(only_of)s::bigint IS NULL OR held_by_id = %(only_of)s)
    FOR UPDATE
), told AS (
    INSERT INTO telecobranca_queuedraw
        (agency_id, debtor_id, queue_id, collector_id, drawn_at, ended_at, ended_as)
    SELECT agency_id, debtor_id, queue_id, held_by_id, held_at, least(held_until, %(at)s),
           CASE WHEN held_until <= %(at)s THEN 'idle' ELSE %(ended_as)s END
    FROM held WHERE held_by_id IS NOT NULL
)
UPDATE telecobranca_queueentry e
SET held_by_id = NULL, held_until = NULL, available_at = %(available_at)s,
    reserved_for_id = %(reserved_for)s
FROM held WHERE e.debtor_id = held.debtor_id
"""


def release(
    debtor_id: int,
    *,
    at: datetime,
    available_at: datetime | None = None,
    reserved_for: User | None = None,
    ended_as: str = DrawEnd.WORKED,
    only_of: User | None = None,
) -> bool:
    """End whatever hold there is on a debtor, who waits until `available_at` (None: no longer).

    With `reserved_for` only that person gets them then. `only_of`: nothing happens unless this
    person holds them. Tells whether the debtor is in the queue.
    """
    values: dict[str, Any] = {
        "debtor": debtor_id,
        "agency": agency_in_scope(),
        "at": at,
        "available_at": available_at or at,
        "reserved_for": reserved_for and reserved_for.pk,
        "ended_as": str(ended_as),
        "only_of": only_of and only_of.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, values)
        return bool(cursor.rowcount)


RENEW = """
UPDATE telecobranca_queueentry e
SET held_until = %(at)s + q.idle_minutes * interval '1 minute',
    available_at = %(at)s + q.idle_minutes * interval '1 minute'
FROM telecobranca_workqueue q
WHERE e.debtor_id = %(debtor)s AND e.agency_id = %(agency)s AND e.held_by_id = %(me)s
  AND q.id = e.queue_id
RETURNING e.held_until
"""


def renew(debtor_id: int, *, collector: User, at: datetime) -> datetime | None:
    """Renew a hold, even one that was let pass if nobody else took the debtor meanwhile.

    Returns until when it now lasts; None when the debtor is not this collector's any more.
    """
    values = {
        "debtor": debtor_id,
        "agency": collector.agency_id,
        "me": collector.pk,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(RENEW, values)
        row = cursor.fetchone()
    return row[0] if row else None


def agency_in_scope() -> int:
    """Return the agency whose rows are meant; fails outside of any scope."""
    return int(get_scope()["agency"].pk)
