"""Negociações: a renegotiation in the ERP begins one and ends what it replaced (SIE-13)."""

from cobranca.contracts.mirror.recalls import WAS_REMADE
from cobranca.contracts.mirror.sql import Statements

# New installments begin a negotiation when others end by renegotiation with them, or ended so in
# the latest one before: an ERP may show both halves one after the other. Else they join the
# latest; never that of an agreement, of which only the agreement tells.
BEGUN = f"""
CREATE TEMP TABLE m_begun ON COMMIT DROP AS
SELECT contract_id, coalesce(last, 0) + 1 AS next, coalesce(plain, 1) AS plain,
       is_remade OR (last = plain AND EXISTS (
           SELECT 1 FROM contracts_installment i
           WHERE i.contract_id = t.contract_id AND i.negotiation = t.last AND {WAS_REMADE}
       )) AS is_anew
FROM (
    SELECT d.contract_id,
           bool_or(d.move = 'close' AND d.closing = 'renegotiation'
                   AND NOT d.is_cancelled) AS is_remade,
           (SELECT max(n.number) FROM contracts_negotiation n
            WHERE n.contract_id = d.contract_id) AS last,
           (SELECT max(n.number) FROM contracts_negotiation n
            WHERE n.contract_id = d.contract_id AND NOT n.is_agreement) AS plain
    FROM m_delta d WHERE d.move IN ('new', 'close') AND NOT d.is_first
    GROUP BY d.contract_id HAVING bool_or(d.move = 'new')
) t
"""

JOINED = """
UPDATE m_delta d SET negotiation = CASE WHEN b.is_anew THEN b.next ELSE b.plain END
FROM m_begun b WHERE b.contract_id = d.contract_id AND d.move = 'new'
"""

INSERT = """
INSERT INTO contracts_negotiation (agency_id, contract_id, number, started_on)
SELECT %(agency)s, contract_id, next, %(on)s FROM m_begun WHERE is_anew
"""

# Like its contract, a negotiation is finished while nothing of it is owed.
FINISHED = """
UPDATE contracts_negotiation t SET finished_on = s.finished_on
FROM (
    SELECT n.id, CASE WHEN EXISTS (
               SELECT 1 FROM contracts_installment i
               WHERE i.contract_id = n.contract_id AND i.negotiation = n.number
                 AND i.status IN ('open', 'negotiated'))
           THEN NULL ELSE coalesce(n.finished_on, %(on)s::date) END AS finished_on
    FROM (SELECT DISTINCT contract_id FROM m_delta WHERE move <> 'change' AND NOT is_first
          UNION SELECT old_id FROM m_transfer) c
    JOIN contracts_negotiation n ON n.contract_id = c.contract_id
) s
WHERE t.id = s.id AND t.finished_on IS DISTINCT FROM s.finished_on
"""


def begin(sql: Statements) -> None:
    """Say in m_delta which negotiation each new installment is of, and make those that begin."""
    sql.run(BEGUN)
    if sql.number("SELECT count(*) FROM m_begun"):
        sql.run(JOINED)
        sql.run(INSERT)


def finish(sql: Statements) -> None:
    """Finish the negotiations of which nothing is owed any more, take up those that owe again."""
    sql.run(FINISHED)
