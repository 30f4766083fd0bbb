"""The statements of distributions. The debtor is the unit: all contracts of one go together.

Each statement is put together from the parts below, constants all; values travel as parameters.
"""

# Debtors who owe and are met by the criteria, with what they owe in all.
CHOSEN = """
chosen AS (
    SELECT s.debtor_id, s.open_total AS total
    FROM debtors_debtorsummary s
    JOIN debtors_debtor d ON d.id = s.debtor_id
    WHERE s.agency_id = %(agency)s AND s.open_count > 0 AND d.merged_into_id IS NULL
      AND (%(latest_due)s::date IS NULL OR s.oldest_due_date <= %(latest_due)s::date)
      AND (%(earliest_due)s::date IS NULL OR s.oldest_due_date >= %(earliest_due)s::date)
      AND (%(min_total)s::numeric IS NULL OR s.open_total >= %(min_total)s::numeric)
      AND (%(max_total)s::numeric IS NULL OR s.open_total <= %(max_total)s::numeric)
      AND EXISTS (
          SELECT FROM contracts_contract c
          WHERE c.debtor_id = s.debtor_id AND c.status = 'active'
            AND (%(creditor)s::bigint IS NULL OR c.creditor_id = %(creditor)s::bigint)
            AND (%(branch)s::bigint IS NULL OR c.branch_id = %(branch)s::bigint))
      AND (NOT %(undistributed)s OR NOT EXISTS (
          SELECT FROM telecobranca_contractassignment a
          JOIN contracts_contract c ON c.id = a.contract_id
          WHERE c.debtor_id = s.debtor_id))
      AND (%(team)s::bigint IS NULL OR EXISTS (
          SELECT FROM telecobranca_contractassignment a
          JOIN contracts_contract c ON c.id = a.contract_id
          WHERE c.debtor_id = s.debtor_id AND a.team_id = %(team)s::bigint))
)
"""
# Whoever a team that closes works, owing or not.
OF_TEAM = """
chosen AS (
    SELECT c.debtor_id, coalesce(max(s.open_total), 0) AS total
    FROM telecobranca_contractassignment a
    JOIN contracts_contract c ON c.id = a.contract_id
    LEFT JOIN debtors_debtorsummary s ON s.debtor_id = c.debtor_id
    WHERE a.agency_id = %(agency)s AND a.team_id = %(team)s
    GROUP BY c.debtor_id
)
"""
# Largest debts first, handed out in rounds: forwards, then backwards, so that sums come out
# alike. When shares differ, a target's turns are spread evenly over the whole line.
PLACED = """
placed AS (
    SELECT line.debtor_id, line.total, slots.target
    FROM (
        SELECT debtor_id, total, row_number() OVER (ORDER BY total DESC, debtor_id) AS place
        FROM chosen
    ) line
    JOIN (
        SELECT q.target, row_number() OVER (ORDER BY
            CASE WHEN %(even)s THEN turn ELSE (turn + 0.5) / q.quota END,
            CASE WHEN turn %% 2 = 0 THEN q.target ELSE -q.target END) AS place
        FROM unnest(%(quotas)s::int[]) WITH ORDINALITY AS q (quota, target),
             generate_series(0, q.quota - 1) AS turn
    ) slots USING (place)
)
"""
NOBODYS = "placed AS (SELECT debtor_id, total, 0 AS target FROM chosen)"
# What changes hands: contracts in force, and those over that still carry a name.
MOVING = """
moving AS (
    SELECT c.id AS contract_id, p.target, t.team_id, t.collector_id, a.id AS assignment_id,
           a.team_id AS team_before, a.collector_id AS collector_before,
           a.assigned_by_id AS by_before, a.assigned_at AS at_before
    FROM placed p
    JOIN contracts_contract c ON c.debtor_id = p.debtor_id AND c.agency_id = %(agency)s
    LEFT JOIN telecobranca_contractassignment a ON a.contract_id = c.id
    LEFT JOIN unnest(%(teams)s::bigint[], %(collectors)s::bigint[]) WITH ORDINALITY
         AS t (team_id, collector_id, target) ON t.target = p.target
    WHERE (c.status = 'active' OR a.id IS NOT NULL)
      AND (a.team_id, a.collector_id) IS DISTINCT FROM (t.team_id, t.collector_id)
)
"""


def count(chosen: str) -> str:
    """Return how many debtors there are to divide."""
    return f"WITH {chosen} SELECT count(*) FROM chosen"  # noqa: S608  our own constants


def shares(chosen: str, placed: str) -> str:
    """Return what each target would get, how much of it moves, and a mark of who goes where."""
    return f"""
        WITH {chosen}, {placed}, {MOVING},
        moves AS (SELECT target, count(*) AS contracts FROM moving GROUP BY target)
        SELECT p.target, count(*), coalesce(max(m.contracts), 0), sum(p.total), max(p.total),
               sum(hashint8extended(p.debtor_id, p.target))
        FROM placed p LEFT JOIN moves m USING (target)
        GROUP BY p.target ORDER BY p.target
    """  # noqa: S608  our own constants


def apply(chosen: str, placed: str) -> str:
    """Return the whole distribution in one statement; it answers how many contracts moved."""
    return f"""
        WITH {chosen}, {placed}, {MOVING},
        given AS (
            INSERT INTO telecobranca_contractassignment
                (agency_id, contract_id, team_id, collector_id, assigned_by_id, assigned_at)
            SELECT %(agency)s, contract_id, team_id, collector_id, %(actor)s, %(at)s
            FROM moving WHERE team_id IS NOT NULL
            ON CONFLICT (contract_id) DO UPDATE SET
                team_id = EXCLUDED.team_id, collector_id = EXCLUDED.collector_id,
                assigned_by_id = EXCLUDED.assigned_by_id, assigned_at = EXCLUDED.assigned_at
        ),
        taken AS (
            DELETE FROM telecobranca_contractassignment a USING moving
            WHERE a.id = moving.assignment_id AND moving.team_id IS NULL
        ),
        kept AS (
            INSERT INTO telecobranca_distributionchange
                (agency_id, distribution_id, contract_id, team_before_id, collector_before_id,
                 assigned_by_before_id, assigned_at_before, team_after_id, collector_after_id)
            SELECT %(agency)s, %(distribution)s, contract_id, team_before, collector_before,
                   by_before, at_before, team_id, collector_id
            FROM moving
            RETURNING 1
        )
        SELECT count(*) FROM kept
    """  # noqa: S608  our own constants


# New contracts of a debtor that somebody works already go to the same hands.
FOLLOW = """
INSERT INTO telecobranca_contractassignment
    (agency_id, contract_id, team_id, collector_id, assigned_at)
SELECT DISTINCT ON (c.id) c.agency_id, c.id, a.team_id, a.collector_id, %(at)s
FROM telecobranca_contractassignment a
JOIN contracts_contract known ON known.id = a.contract_id
JOIN contracts_contract c ON c.debtor_id = known.debtor_id AND c.agency_id = a.agency_id
WHERE a.agency_id = %(agency)s AND c.status = 'active'
  AND NOT EXISTS (SELECT FROM telecobranca_contractassignment x WHERE x.contract_id = c.id)
ORDER BY c.id, a.assigned_at DESC, a.id DESC
ON CONFLICT (contract_id) DO NOTHING
"""
# Where nobody changed it since: the row is still the one that the distribution wrote.
UNDO = """
WITH same AS (
    SELECT k.contract_id, k.team_before_id AS team_id, k.collector_before_id AS collector_id,
           k.assigned_by_before_id AS assigned_by_id, k.assigned_at_before AS assigned_at
    FROM telecobranca_distributionchange k
    LEFT JOIN telecobranca_contractassignment a ON a.contract_id = k.contract_id
    WHERE k.distribution_id = %(distribution)s AND k.agency_id = %(agency)s
      AND (a.team_id, a.collector_id) IS NOT DISTINCT FROM (k.team_after_id, k.collector_after_id)
      AND (a.id IS NULL OR a.assigned_at = %(made_at)s)
),
taken AS (
    DELETE FROM telecobranca_contractassignment a USING same
    WHERE a.contract_id = same.contract_id AND same.team_id IS NULL
),
given AS (
    INSERT INTO telecobranca_contractassignment
        (agency_id, contract_id, team_id, collector_id, assigned_by_id, assigned_at)
    SELECT %(agency)s, contract_id, team_id, collector_id, assigned_by_id, assigned_at
    FROM same WHERE team_id IS NOT NULL
    ON CONFLICT (contract_id) DO UPDATE SET
        team_id = EXCLUDED.team_id, collector_id = EXCLUDED.collector_id,
        assigned_by_id = EXCLUDED.assigned_by_id, assigned_at = EXCLUDED.assigned_at
)
SELECT count(*) FROM same
"""
# Contracts that came later and followed a debtor whose contracts an undoing takes back.
FORGET_FOLLOWERS = """
DELETE FROM telecobranca_contractassignment a
USING contracts_contract c
WHERE a.contract_id = c.id AND a.agency_id = %(agency)s
  AND a.assigned_by_id IS NULL AND a.assigned_at >= %(made_at)s
  AND c.debtor_id IN (
      SELECT known.debtor_id FROM telecobranca_distributionchange k
      JOIN contracts_contract known ON known.id = k.contract_id
      WHERE k.distribution_id = %(distribution)s)
  AND NOT EXISTS (
      SELECT FROM telecobranca_distributionchange k
      WHERE k.distribution_id = %(distribution)s AND k.contract_id = c.id)
"""
