"""Ranking the queue: all of it, or a few debtors after something happened to them.

Who holds whom, pauses and reminders stay as they are; a ranking only says who belongs where.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from cobranca.calc.contact_places import AREA_CODE_STATE
from cobranca.telecobranca.models import QueueState
from cobranca.telecobranca.queue_reading import has_teams, specs_of
from cobranca.telecobranca.queue_sql import PARKED, Ranking, ranking
from cobranca.telecobranca.services.distributing import follow_debtors, lock_assignments

LOCK_SPACE = 728_415
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s, %s)"
# A reminder that its collector let pass is everybody's after this.
RESERVATION = timedelta(hours=2)
# Where people live and are dialled changes seldom, and looking for it takes a while.
PLACES_EVERY = timedelta(minutes=30)
# Contact data of transactions that were still open when the places were looked at last.
OVERLAP = timedelta(hours=1)

# Who fits no queue goes, unless held now, paused or reserved: then nobody draws them but whoever
# they are reserved for, and the pause is still there when they fit again.
LEAVES = """
s.leaves OR (s.ord IS NULL AND t.available_at <= %(at)s AND t.reserved_for_id IS NULL)
"""
MOVES = "(t.queue_id, t.pool, t.rank) IS DISTINCT FROM (s.queue_id, s.pool, s.rank)"
# Read first what differs, with all the processors there are, then write that alone.
DELTA = f"""
CREATE TEMP TABLE queue_delta ON COMMIT DROP AS
SELECT s.*, t.debtor_id IS NULL AS is_new FROM ({{ranking}}) s
LEFT JOIN telecobranca_queueentry t ON t.debtor_id = s.debtor_id
WHERE CASE WHEN CASE WHEN t.debtor_id IS NULL THEN s.ord IS NOT NULL
                     WHEN s.ord IS NULL THEN t.pool <> %(parked)s OR {LEAVES}
                     ELSE {MOVES} END
      THEN 1 ELSE 0 END = 1  -- which the planner takes for a few, as it will be
"""
MERGE = f"""
MERGE INTO telecobranca_queueentry t USING ({{delta}}) s ON t.debtor_id = s.debtor_id
WHEN MATCHED AND {LEAVES} THEN DELETE
WHEN MATCHED AND s.ord IS NULL AND t.pool <> %(parked)s THEN UPDATE SET pool = %(parked)s
WHEN MATCHED AND s.ord IS NOT NULL AND {MOVES} THEN
    UPDATE SET queue_id = s.queue_id, pool = s.pool, rank = s.rank
WHEN NOT MATCHED AND s.ord IS NOT NULL THEN
    INSERT (debtor_id, agency_id, queue_id, pool, rank, place, available_at)
    VALUES (s.debtor_id, s.agency_id, s.queue_id, s.pool, s.rank, coalesce(s.place, '-'), %(at)s)
"""
NOBODY_NEW = "SELECT d.*, NULL AS place FROM pg_temp.queue_delta d"
PLACED = """
SELECT d.*, p.place FROM pg_temp.queue_delta d
LEFT JOIN pg_temp.queue_place p ON p.debtor_id = d.debtor_id
"""
# Holds that nobody renewed are told as such; reminders that were let pass are everybody's.
EXPIRE = """
WITH lapsed AS (
    UPDATE telecobranca_queueentry SET held_by_id = NULL, held_until = NULL
    FROM (SELECT debtor_id AS who, held_by_id AS by, held_until AS until
          FROM telecobranca_queueentry
          WHERE agency_id = %(agency)s AND held_by_id IS NOT NULL AND held_until <= %(at)s
          FOR UPDATE SKIP LOCKED) l
    WHERE debtor_id = l.who
    RETURNING agency_id, debtor_id, queue_id, l.by, held_at, l.until
), told AS (
    INSERT INTO telecobranca_queuedraw
        (agency_id, debtor_id, queue_id, collector_id, drawn_at, ended_at, ended_as)
    SELECT agency_id, debtor_id, queue_id, by, held_at, until, 'idle' FROM lapsed
)
UPDATE telecobranca_queueentry SET reserved_for_id = NULL
WHERE agency_id = %(agency)s AND reserved_for_id IS NOT NULL AND available_at < %(overdue)s
  AND debtor_id NOT IN (SELECT debtor_id FROM lapsed)
"""
# As the law of contact looks: the main active address, the main active phone.
PLACES = """
CREATE TEMP TABLE queue_place ON COMMIT DROP AS
SELECT w.debtor_id, coalesce(home.state, '') || '-' || coalesce(dialled.state, '') AS place
FROM pg_temp.queue_wanted w
LEFT JOIN (
    SELECT DISTINCT ON (a.debtor_id) a.debtor_id, a.state
    FROM pg_temp.queue_wanted w JOIN debtors_address a ON a.debtor_id = w.debtor_id
    WHERE a.is_active AND a.state <> ''
    ORDER BY a.debtor_id, a.is_main DESC, a.id
) home ON home.debtor_id = w.debtor_id
LEFT JOIN (
    SELECT DISTINCT ON (f.debtor_id) f.debtor_id, f.number
    FROM pg_temp.queue_wanted w JOIN debtors_phone f ON f.debtor_id = w.debtor_id
    WHERE f.is_active
    ORDER BY f.debtor_id, f.is_main DESC, f.id
) phone ON phone.debtor_id = w.debtor_id
LEFT JOIN unnest(%(codes)s::text[], %(states)s::text[]) AS dialled (code, state)
  ON length(phone.number) IN (10, 11) AND dialled.code = left(phone.number, 2)
"""
MOVE = """
UPDATE telecobranca_queueentry e SET place = p.place
FROM pg_temp.queue_place p WHERE e.debtor_id = p.debtor_id AND e.place <> p.place
"""
NEW = "SELECT debtor_id FROM pg_temp.queue_delta WHERE is_new"
IS_ANYBODY_NEW = f"SELECT EXISTS ({NEW})"
EVERYBODY = "SELECT debtor_id FROM telecobranca_queueentry WHERE agency_id = %(agency)s"
CHANGED = """
SELECT debtor_id FROM debtors_phone WHERE agency_id = %(agency)s AND updated_at >= %(since)s
UNION SELECT debtor_id FROM debtors_address
      WHERE agency_id = %(agency)s AND updated_at >= %(since)s
"""
A_FEW = "SELECT unnest(%(only)s::bigint[])"
# What is written is found by index.
FEW = "SELECT set_config('random_page_cost', '1.1', true)"
# When the caller's transaction holds two rankings.
LEFT_OVER = """
DROP TABLE IF EXISTS pg_temp.queue_delta, pg_temp.queue_wanted, pg_temp.queue_place
"""
# What is ranked is read whole, and little of it is written: worth every processor there is.
# Nobody waits for the disk: what a crash takes with it is found again by the next ranking.
SESSION = """
SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true),
       set_config('parallel_setup_cost', '0', true), set_config('synchronous_commit', 'off', true)
"""


@dataclass(frozen=True)
class Ranked:
    """What a ranking changed: places in the queue made, moved or removed."""

    changed: int


def refresh_queue(agency_id: int, on: date, at: datetime) -> Ranked:
    """Rank everybody who owes into the first active queue that fits them.

    New contracts first go to the hands that their debtor is in. One ranking of an agency at a
    time; draws go on meanwhile. Doing it again changes nothing.
    """
    # Apart from the ranking: no distribution has to wait for that.
    with transaction.atomic():
        lock_assignments(agency_id)
        follow_debtors(agency_id=agency_id, at=at)
    return _rank_everybody(agency_id, on, at)


@transaction.atomic
def _rank_everybody(agency_id: int, on: date, at: datetime) -> Ranked:
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        cursor.execute(ONE_AT_A_TIME, [LOCK_SPACE, agency_id])
        specs = specs_of(agency_id)
        found = ranking(agency_id, specs, on=on, has_teams=has_teams(agency_id))
        state = QueueState.objects.get_or_create(agency_id=agency_id)[0]
        cursor.execute(EXPIRE, {"agency": agency_id, "at": at, "overdue": at - RESERVATION})
        wanted, since = _wanted(state, on, at)
        changed = _rank(cursor, found, at, wanted, agency=agency_id, since=since)
    if wanted:
        state.placed_at = at
    state.ranked_at, state.ranked_on = at, on
    state.save(update_fields=["ranked_at", "ranked_on", "placed_at"])
    return Ranked(changed)


def _wanted(state: QueueState, on: date, at: datetime) -> tuple[str, datetime | None]:
    """Return whose places to look at again, besides new ones, and since when they may differ."""
    if state.placed_at is None or state.ranked_on != on:
        return EVERYBODY, None
    is_due = abs(at - state.placed_at) >= PLACES_EVERY
    return (CHANGED, state.placed_at - OVERLAP) if is_due else ("", None)


@transaction.atomic
def refresh_debtors(agency_id: int, debtor_ids: Collection[int], *, on: date, at: datetime) -> None:
    """Rank a few debtors anew, after a payment, a promise or a change of their data."""
    only: Sequence[int] = sorted(set(debtor_ids))
    if not only:
        return
    with connection.cursor() as cursor:
        # Not while everybody is ranked: the same new row could come from both.
        cursor.execute(ONE_AT_A_TIME, [LOCK_SPACE, agency_id])
        specs = specs_of(agency_id)
        found = ranking(agency_id, specs, on=on, has_teams=has_teams(agency_id), only=only)
        _rank(cursor, found, at, A_FEW, only=only)


def _rank(cursor: Any, found: Ranking, at: datetime, wanted: str, **values: Any) -> int:
    """Write what differs from a ranking; return how many rows did."""
    codes, states = list(AREA_CODE_STATE), list(AREA_CODE_STATE.values())
    told = {**found.values, "at": at, "parked": PARKED, "codes": codes, "states": states, **values}
    cursor.execute(LEFT_OVER)
    cursor.execute(DELTA.format(ranking=found.sql), told)
    if not cursor.rowcount and not wanted:
        return 0
    # Where people live and are dialled is asked of the new, and of those whose turn it is.
    has_places = bool(wanted) or _is_anybody_new(cursor)
    if has_places:
        _find_places(cursor, wanted, told)
    cursor.execute(FEW)
    cursor.execute(MERGE.format(delta=PLACED if has_places else NOBODY_NEW), told)
    changed = int(cursor.rowcount)
    if wanted:
        cursor.execute(MOVE)
    return changed


def _is_anybody_new(cursor: Any) -> bool:
    cursor.execute(IS_ANYBODY_NEW)
    return bool(cursor.fetchone()[0])


def _find_places(cursor: Any, wanted: str, told: dict[str, Any]) -> None:
    union = f" UNION {wanted}" if wanted else ""
    cursor.execute(f"CREATE TEMP TABLE queue_wanted ON COMMIT DROP AS {NEW}{union}", told)
    cursor.execute("ANALYZE pg_temp.queue_wanted")
    cursor.execute(PLACES, told)
