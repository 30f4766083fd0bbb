"""Step 5: the difference between both books, found in one join."""

from cobranca.contracts.mirror.copytext import day
from cobranca.contracts.mirror.recalls import TOLD_BY_THE_ERP
from cobranca.contracts.mirror.sql import Statements

# A row told twice (a page that moved while it was read) counts once, as last told. It can only
# do harm where something is about to change, so only there is it looked for.
HAS_DUPLICATES = """
SELECT count(*) FROM (
    SELECT 1 FROM {table} s JOIN m_live l ON l.external_id = s.contract
    JOIN m_delta d ON d.contract_id = l.contract_id AND d.number = s.number
    GROUP BY d.contract_id, d.number HAVING count(*) > 1 LIMIT 1) twice
"""

DUPLICATES = """
DELETE FROM {table} s USING (
    SELECT contract, number, (array_agg(ctid ORDER BY page DESC, ctid DESC))[1] AS last
    FROM {table} s GROUP BY contract, number HAVING count(*) > 1
) twice
WHERE s.contract = twice.contract AND s.number = twice.number AND s.ctid <> twice.last
"""

_CHANGED = """
    (CASE WHEN %(update_data)s
          THEN (s.due_date, s.principal, s.balance, s.note)
               IS DISTINCT FROM (i.due_date, i.principal, i.balance, i.note)
          ELSE false END
     OR s.label <> i.label OR coalesce(b.available, i.has_boleto) <> i.has_boleto)
"""

_DUE = day("s.due_date")
_STAGED = f"""
    SELECT l.contract_id, l.is_new, l.is_cancelled, s.number, s.label, {_DUE} AS due_date,
           s.principal, s.balance, s.note, s.is_open AND NOT l.is_cancelled AS is_open, s.closing
    FROM {{installment}} s JOIN m_live l ON l.external_id = s.contract
"""

_MOVES = f"""
    CASE WHEN i.id IS NULL THEN CASE WHEN s.is_open THEN 'new' END
         WHEN s.contract_id IS NULL THEN
             CASE WHEN i.status IN ('open', 'negotiated') AND i.is_imported THEN 'gone' END
         WHEN s.is_open AND i.status = 'recalled' THEN
             CASE WHEN %(reopen)s OR {TOLD_BY_THE_ERP} THEN 'reopen' END
         WHEN s.is_open THEN CASE WHEN {_CHANGED} THEN 'change' END
         WHEN i.status IN ('open', 'negotiated') THEN 'close'
    END
"""

# What is owed of a contract seen for the first time is its first negotiation.
_COLUMNS = """
    coalesce(s.contract_id, i.contract_id) AS contract_id, coalesce(s.number, i.number) AS number,
    i.id AS installment_id, coalesce(s.is_new, false) AS is_first, s.closing,
    coalesce(i.negotiation, 1) AS negotiation,
    coalesce(s.label, i.label) AS label, coalesce(s.due_date, i.due_date) AS due_date,
    coalesce(s.principal, i.principal) AS principal, coalesce(s.balance, i.balance) AS balance,
    coalesce(s.note, i.note) AS note, coalesce(b.available, i.has_boleto, false) AS has_boleto,
    i.due_date AS old_due_date, i.balance AS old_balance, i.status AS old_status
"""

_OURS = """
    SELECT i.id, i.contract_id, i.number, i.label, i.due_date, i.principal, i.balance, i.note,
           i.status, i.has_boleto, i.is_imported, i.negotiation
    FROM contracts_installment i
"""

# A batimento compares both whole books; what only we have is gone there.
FULL_DELTA = f"""
CREATE TEMP TABLE m_delta ON COMMIT DROP AS
SELECT * FROM (
    SELECT {_MOVES} AS move, s.is_cancelled, {_COLUMNS}
    FROM ({_STAGED}) s
    FULL JOIN (
        {_OURS} JOIN contracts_contract c ON c.id = i.contract_id
        WHERE c.creditor_id = %(creditor)s AND c.is_current AND c.external_id <> ''
    ) i ON i.contract_id = s.contract_id AND i.number = s.number
    {{_boletos}}
) AS compared WHERE move IS NOT NULL
"""

# Titles read whole: the same, of these alone.
TITLES_DELTA = f"""
CREATE TEMP TABLE m_delta ON COMMIT DROP AS
SELECT compared.*, l.is_cancelled FROM (
    SELECT {_MOVES} AS move, {_COLUMNS}
    FROM ({_STAGED}) s
    FULL JOIN ({_OURS} JOIN m_live l ON l.contract_id = i.contract_id) i
           ON i.contract_id = s.contract_id AND i.number = s.number
    {{_boletos}}
) AS compared JOIN m_live l ON l.contract_id = compared.contract_id WHERE move IS NOT NULL
"""

DAILY_DELTA = f"""
CREATE TEMP TABLE m_delta ON COMMIT DROP AS
SELECT * FROM (
    SELECT {_MOVES} AS move, s.is_cancelled, {_COLUMNS}
    FROM ({_STAGED}) s
    LEFT JOIN contracts_installment i ON i.contract_id = s.contract_id AND i.number = s.number
    {{_boletos}}
) AS compared WHERE move IS NOT NULL
"""

# A contract cancelled in the ERP closes whatever is open here, told row by row or not. Found by
# its code: the unique index is of those that have one.
CANCELLED = """
INSERT INTO m_delta (move, contract_id, number, installment_id, is_cancelled, is_first, closing,
                     negotiation, label, due_date, principal, balance, note, has_boleto,
                     old_due_date, old_balance, old_status)
SELECT 'close', c.id, i.number, i.id, true, false, 'termination', i.negotiation, i.label,
       i.due_date, i.principal, i.balance, i.note, i.has_boleto, i.due_date, i.balance, i.status
FROM {sale} s
JOIN contracts_contract c ON c.creditor_id = %(creditor)s AND c.is_current
                         AND c.external_id <> '' AND c.external_id = s.contract
JOIN contracts_installment i ON i.contract_id = c.id AND i.status IN ('open', 'negotiated')
WHERE s.is_cancelled AND NOT %(full)s
  AND NOT EXISTS (SELECT 1 FROM m_delta d WHERE d.installment_id = i.id)
GROUP BY c.id, i.id
"""

# What could not be understood stays as it is.
DOUBTED = """
DELETE FROM m_delta d USING contracts_contract c, m_doubt u
WHERE c.id = d.contract_id AND c.external_id = u.contract
  AND (u.number IS NULL OR u.number = d.number)
"""

# What was read of a title after this reading began is later than what this reading tells of it.
OUTDATED = "DELETE FROM m_delta d USING m_newer r WHERE r.contract_id = d.contract_id"


def compare(sql: Statements) -> None:
    """Fill m_delta with every installment that must change, and what it must become."""
    _find_difference(sql)
    if _drop_duplicates(sql):
        sql.run("DROP TABLE m_delta")
        _find_difference(sql)
    sql.run(OUTDATED)
    # That a contract was cancelled stays true, whenever it was read.
    if sql.staged("sale"):
        sql.run(CANCELLED)
    sql.run(DOUBTED)


# An ERP that told of no boleto spares the join.
_WITH_BOLETOS = """
    LEFT JOIN (SELECT l.contract_id, b.number, b.available
               FROM {boleto} b JOIN m_live l ON l.external_id = b.contract) b
           ON b.contract_id = s.contract_id AND b.number = s.number
"""
_WITHOUT_BOLETOS = "CROSS JOIN (SELECT NULL::boolean AS available) b"


def _find_difference(sql: Statements) -> None:
    told = sql.number("SELECT count(*) FROM (SELECT 1 FROM {boleto} b LIMIT 1) one")
    # The planner would rather sort a whole portfolio than hash it, and is slower for it.
    sql.run("SET LOCAL enable_mergejoin = off")
    sql.run(_delta(sql).replace("{_boletos}", _WITH_BOLETOS if told else _WITHOUT_BOLETOS))
    sql.run("SET LOCAL enable_mergejoin = on")
    sql.run("ANALYZE m_delta (contract_id, move)")


def _delta(sql: Statements) -> str:
    if sql.job.titles:
        return TITLES_DELTA
    return FULL_DELTA if sql.job.full else DAILY_DELTA


def _drop_duplicates(sql: Statements) -> int:
    dropped = 0
    for stage in ("installment", "boleto"):
        table = f"{{{stage}}}"
        if sql.staged(stage) and sql.number(HAS_DUPLICATES.replace("{table}", table)):
            dropped += sql.run(DUPLICATES.replace("{table}", table))
    return dropped


def counts(sql: Statements) -> dict[str, int]:
    """Count the moves of m_delta."""
    return {move: int(n) for move, n in sql.rows("SELECT move, count(*) FROM m_delta GROUP BY 1")}
