"""What goes along when debtors change hands: their reminders, and their place in the queue.

A reminder is about the debtor, not about who wrote it down. So it follows: it becomes the new
collector's, or nobody's in particular where a team as a whole works the debtor; then it comes in
the agenda of all that team, and in the queue to whoever of them asks first. Left with who had it,
it would be offered to somebody of an external office whose page of that debtor is a 404, and
nobody else would be reminded.
"""

from typing import Any

from django.db import connection

from cobranca.dunning.services import pass_callbacks
from cobranca.telecobranca.queue_sql import PARKED

# Who works a debtor now, as the queue's ranking reads it; `pool` as a place in the queue has it.
_HANDS = """
hands AS (
    SELECT c.debtor_id, min(u.id) AS collector,
           min(CASE WHEN u.id IS NOT NULL THEN -u.id ELSE t.id END) AS pool
    FROM telecobranca_contractassignment a
    JOIN contracts_contract c ON c.id = a.contract_id AND c.status = 'active'
    LEFT JOIN accounts_user u ON u.id = a.collector_id AND u.is_active
    LEFT JOIN accounts_team t ON t.id = a.team_id AND t.is_active
    WHERE a.agency_id = %(agency)s
    GROUP BY c.debtor_id
), moved AS (
    SELECT DISTINCT c.debtor_id FROM telecobranca_distributionchange k
    JOIN contracts_contract c ON c.id = k.contract_id
    WHERE k.agency_id = %(agency)s AND k.distribution_id = %(distribution)s
)
"""
# Reminders `r` of somebody in a team (`holder`) that does not work the debtor: always where that
# team is an external office, which cannot open the page; of the house's own teams, which can, when
# the debtor was given to another team just now. Supervisors without a team keep what is theirs.
_STRAYED = """
JOIN accounts_user u ON u.id = r.{holder}
JOIN accounts_team t ON t.id = u.team_id
LEFT JOIN hands h ON h.debtor_id = r.debtor_id
WHERE r.agency_id = %(agency)s AND u.id IS DISTINCT FROM h.collector
  AND NOT EXISTS (
      SELECT FROM telecobranca_contractassignment a
      JOIN contracts_contract c ON c.id = a.contract_id
      JOIN accounts_team own ON own.id = a.team_id
      WHERE c.debtor_id = r.debtor_id
        AND (own.id = t.id OR own.supervisor_id = u.id AND own.kind = 'external'))
  AND (t.kind = 'external'
       OR h.debtor_id IS NOT NULL AND r.debtor_id IN (SELECT debtor_id FROM moved))
"""
CALLBACKS = f"""
WITH {_HANDS}
SELECT r.id, h.collector FROM dunning_callback r {_STRAYED.format(holder="assigned_to_id")}
  AND r.status = 'waiting'
"""  # noqa: S608  our own constants
# Rows that a draw or a ranking is writing are passed over, not waited for: a ranking under way
# puts them right itself, and the order in which it locks them is its own.
RESERVED = f"""
WITH {_HANDS}, strayed AS (
    SELECT r.debtor_id, h.collector FROM telecobranca_queueentry r
    {_STRAYED.format(holder="reserved_for_id")}
    FOR UPDATE OF r SKIP LOCKED
)
UPDATE telecobranca_queueentry e SET reserved_for_id = s.collector
FROM strayed s WHERE e.debtor_id = s.debtor_id
"""  # noqa: S608  our own constants
# Until the next ranking a place would still be the old team's, who would be given the debtor.
POOLS = f"""
WITH {_HANDS}, misplaced AS (
    SELECT e.debtor_id, coalesce(h.pool, 0) AS pool
    FROM moved JOIN telecobranca_queueentry e ON e.debtor_id = moved.debtor_id
    LEFT JOIN hands h ON h.debtor_id = moved.debtor_id
    WHERE e.agency_id = %(agency)s AND e.pool <> %(parked)s AND e.pool <> coalesce(h.pool, 0)
    FOR UPDATE OF e SKIP LOCKED
)
UPDATE telecobranca_queueentry e SET pool = m.pool
FROM misplaced m WHERE e.debtor_id = m.debtor_id
"""  # noqa: S608  our own constants


def hand_reminders(agency_id: int, distribution: int | None = None) -> int:
    """Pass on the reminders of who no longer works their debtor; return how many callbacks went.

    With a distribution, of everybody whose debtor it moved; the places in the queue move, too.
    The caller holds the transaction and the lock of the agency's assignments.
    """
    values: dict[str, Any] = {
        "agency": agency_id,
        "distribution": distribution,
        "parked": PARKED,
    }
    with connection.cursor() as cursor:
        cursor.execute(CALLBACKS, values)
        passed = pass_callbacks(agency_id, dict(cursor.fetchall()))
        cursor.execute(RESERVED, values)
        if distribution is not None:
            cursor.execute(POOLS, values)
    return passed
