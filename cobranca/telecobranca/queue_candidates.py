"""Who may come to a collector at an instant, best first. A draw takes the first of
them by the same rules (the database's function telecobranca_draw); here they are only looked at."""

from datetime import datetime
from typing import Any

from cobranca.accounts.models import User
from cobranca.telecobranca.distribution import is_external
from cobranca.telecobranca.queue_places import Places

# Asked of the debtor as they are now, whatever the ranking knew: owing, and not blocked.
MAY_COME = """
(e.place = ANY(%(places)s)) = %(is_open)s
AND (SELECT s.open_total > 0 AND NOT s.is_blocked
     FROM debtors_debtorsummary s WHERE s.debtor_id = e.debtor_id)
"""
# Reminders of this collector first; then the best of what is theirs, their team's and anybody's.
CANDIDATES = f"""
SELECT * FROM (
    (SELECT r.* FROM (
        SELECT e.debtor_id, e.agency_id, e.queue_id, e.held_by_id, e.held_at, e.held_until,
               e.reserved_for_id, 0 AS turn, e.rank
        FROM telecobranca_queueentry e
        WHERE e.reserved_for_id = %(me)s AND e.available_at <= %(at)s
          AND e.agency_id = %(agency)s AND {MAY_COME}
        ORDER BY e.available_at LIMIT %(limit)s) r)
    UNION ALL
    (SELECT n.* FROM unnest(%(pools)s) AS mine (pool) CROSS JOIN LATERAL (
        SELECT e.debtor_id, e.agency_id, e.queue_id, e.held_by_id, e.held_at, e.held_until,
               e.reserved_for_id, 1 AS turn, e.rank
        FROM telecobranca_queueentry e
        WHERE e.agency_id = %(agency)s AND e.pool = mine.pool AND e.reserved_for_id IS NULL
          AND e.available_at <= %(at)s AND {MAY_COME}
        ORDER BY e.rank, e.available_at LIMIT %(limit)s) n)
) c
"""


def values_for(collector: User, at: datetime, places: Places) -> dict[str, Any]:
    """Return what a look at the candidates of a collector is told."""
    team = [collector.team_id] if collector.team_id else []
    # Whom nobody was given is the house's.
    nobodys = [] if is_external(collector) else [0]
    return {
        "me": collector.pk,
        "agency": collector.agency_id,
        "at": at,
        "pools": [-collector.pk, *team, *nobodys],
        "places": places.names,
        "is_open": places.is_open,
        "limit": 1,
    }
