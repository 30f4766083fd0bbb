"""Titles read one by one between two loads, and what they spare from older readings.

A load may take an hour. What a webhook made known meanwhile is later than what the load read of
that title before or after it: nobody can tell which, so the title keeps what was read by itself,
and the next load brings what came after. Its receipts do so only where they were read with it: the
opening of a debtor reads none, and no later load tells again what this one knows of them.
"""

from cobranca.contracts.mirror.sql import Statements

_OF_TITLES = "r.contract_id IN (SELECT contract_id FROM m_title)"
_OF_CREDITOR = """
r.contract_id IN (SELECT id FROM contracts_contract
                  WHERE creditor_id = %(creditor)s AND is_current)
"""

NEWER = """
CREATE TEMP TABLE m_newer ON COMMIT DROP AS
SELECT r.contract_id,
       coalesce(r.receipts_at > %(read_at)s::timestamptz, false) AS has_receipts
FROM contracts_titlereading r
WHERE r.read_at > %(read_at)s::timestamptz AND {which}
"""

# A title of which nothing could be understood was not read.
READ = """
INSERT INTO contracts_titlereading AS r (agency_id, contract_id, read_at, receipts_at)
SELECT %(agency)s, l.contract_id, %(read_at)s,
       CASE WHEN l.has_receipts THEN %(read_at)s::timestamptz END
FROM m_live l
WHERE NOT EXISTS (SELECT 1 FROM m_doubt u WHERE u.contract = l.external_id AND u.number IS NULL)
ON CONFLICT (contract_id) DO UPDATE
SET read_at = greatest(r.read_at, EXCLUDED.read_at),
    receipts_at = greatest(r.receipts_at, EXCLUDED.receipts_at)
WHERE r.read_at < EXCLUDED.read_at
   OR r.receipts_at IS DISTINCT FROM greatest(r.receipts_at, EXCLUDED.receipts_at)
"""


def find_newer(sql: Statements) -> None:
    """Fill m_newer with the contracts of which a later reading was applied already, and whether
    their receipts were read with them."""
    sql.run(NEWER.replace("{which}", _OF_TITLES if sql.job.titles else _OF_CREDITOR))


def remember(sql: Statements) -> None:
    """Note when the titles of a partial reading were read."""
    if sql.job.titles:
        sql.run(READ)
