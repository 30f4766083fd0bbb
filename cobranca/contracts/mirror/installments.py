"""Step 5: the difference between both books, found in one join and applied set by set."""

from cobranca.contracts.mirror.copytext import day
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
    SELECT l.contract_id, l.is_cancelled, s.number, s.label, {_DUE} AS due_date, s.principal,
           s.balance, s.note, s.is_open AND NOT l.is_cancelled AS is_open, s.closing
    FROM {{installment}} s JOIN m_live l ON l.external_id = s.contract
"""

_MOVES = f"""
    CASE WHEN i.id IS NULL THEN CASE WHEN s.is_open THEN 'new' END
         WHEN s.contract_id IS NULL THEN
             CASE WHEN i.status IN ('open', 'negotiated') AND i.is_imported THEN 'gone' END
         WHEN s.is_open AND i.status = 'recalled' THEN CASE WHEN %(reopen)s THEN 'reopen' END
         WHEN s.is_open THEN CASE WHEN {_CHANGED} THEN 'change' END
         WHEN i.status IN ('open', 'negotiated') THEN 'close'
    END
"""

_COLUMNS = """
    coalesce(s.contract_id, i.contract_id) AS contract_id, coalesce(s.number, i.number) AS number,
    i.id AS installment_id, s.is_cancelled, s.closing,
    coalesce(s.label, i.label) AS label, coalesce(s.due_date, i.due_date) AS due_date,
    coalesce(s.principal, i.principal) AS principal, coalesce(s.balance, i.balance) AS balance,
    coalesce(s.note, i.note) AS note, coalesce(b.available, i.has_boleto, false) AS has_boleto,
    i.due_date AS old_due_date, i.balance AS old_balance, i.status AS old_status
"""

# A batimento compares both whole books; what only we have is gone there.
FULL_DELTA = f"""
CREATE TEMP TABLE m_delta ON COMMIT DROP AS
SELECT * FROM (
    SELECT {_MOVES} AS move, {_COLUMNS}
    FROM ({_STAGED}) s
    FULL JOIN (
        SELECT i.id, i.contract_id, i.number, i.label, i.due_date, i.principal, i.balance, i.note,
               i.status, i.has_boleto, i.is_imported
        FROM contracts_installment i JOIN contracts_contract c ON c.id = i.contract_id
        WHERE c.creditor_id = %(creditor)s AND c.is_current AND c.external_id <> ''
    ) i ON i.contract_id = s.contract_id AND i.number = s.number
    {{_boletos}}
) AS compared WHERE move IS NOT NULL
"""

DAILY_DELTA = f"""
CREATE TEMP TABLE m_delta ON COMMIT DROP AS
SELECT * FROM (
    SELECT {_MOVES} AS move, {_COLUMNS}
    FROM ({_STAGED}) s
    LEFT JOIN contracts_installment i ON i.contract_id = s.contract_id AND i.number = s.number
    {{_boletos}}
) AS compared WHERE move IS NOT NULL
"""

# A contract cancelled in the ERP closes whatever is open here, told row by row or not.
CANCELLED = """
INSERT INTO m_delta (move, contract_id, number, installment_id, is_cancelled, closing, label,
                     due_date, principal, balance, note, has_boleto, old_due_date, old_balance,
                     old_status)
SELECT 'close', c.id, i.number, i.id, true, 'termination', i.label, i.due_date, i.principal,
       i.balance, i.note, i.has_boleto, i.due_date, i.balance, i.status
FROM {sale} s
JOIN contracts_contract c ON c.creditor_id = %(creditor)s AND c.is_current
                         AND c.external_id = s.contract
JOIN contracts_installment i ON i.contract_id = c.id AND i.status IN ('open', 'negotiated')
WHERE s.is_cancelled AND NOT %(full)s
  AND NOT EXISTS (SELECT 1 FROM m_delta d WHERE d.installment_id = i.id)
GROUP BY c.id, i.id
"""

# What could not be understood stays as it is.
SHIELD = """
DELETE FROM m_delta d USING contracts_contract c, m_doubt u
WHERE c.id = d.contract_id AND c.external_id = u.contract
  AND (u.number IS NULL OR u.number = d.number)
"""

INSERT = """
INSERT INTO contracts_installment (agency_id, contract_id, negotiation, number, label, due_date,
                                   principal, balance, note, status, has_boleto, is_imported)
SELECT %(agency)s, contract_id, 1, number, left(label, 20), due_date, principal, balance,
       left(note, 40), 'open', has_boleto, true
FROM m_delta WHERE move = 'new'
"""

# What the office received and the ERP did not know of is known there once its balance falls.
CHANGE = """
UPDATE contracts_installment i
SET due_date = CASE WHEN %(update_data)s THEN d.due_date ELSE i.due_date END,
    principal = CASE WHEN %(update_data)s THEN d.principal ELSE i.principal END,
    balance = CASE WHEN %(update_data)s THEN d.balance ELSE i.balance END,
    credit = CASE WHEN i.credit > 0 AND %(update_data)s
                  THEN greatest(0, i.credit - greatest(0, i.balance - d.balance))
                  ELSE i.credit END,
    note = CASE WHEN %(update_data)s THEN left(d.note, 40) ELSE i.note END,
    label = left(d.label, 20), has_boleto = d.has_boleto, updated_at = now()
FROM m_delta d WHERE d.move = 'change' AND i.id = d.installment_id
"""

REOPEN = """
UPDATE contracts_installment i
SET status = 'open', due_date = d.due_date, principal = d.principal, balance = d.balance,
    note = left(d.note, 40), label = left(d.label, 20), has_boleto = d.has_boleto,
    updated_at = now()
FROM m_delta d WHERE d.move = 'reopen' AND i.id = d.installment_id
"""

REOPENED_RECALLS = """
UPDATE contracts_recall r SET reopened_on = %(on)s
FROM m_delta d WHERE d.move = 'reopen' AND r.contract_id = d.contract_id AND r.number = d.number
 AND r.reopened_on IS NULL
"""

CLOSE = """
UPDATE contracts_installment i SET status = 'recalled', updated_at = now()
FROM m_delta d WHERE d.move IN ('close', 'gone') AND i.id = d.installment_id
"""

# In a batimento the reason is always "Batimento" (playbook 7.1.2); a daily load says what the
# ERP told. The note keeps the evidence in both.
_REASON = """
CASE WHEN %(full)s THEN 'reconciliation' WHEN is_cancelled THEN 'termination'
     WHEN closing <> '' THEN closing ELSE 'creditor_request' END
"""
_EVIDENCE = """
CASE WHEN move = 'gone' THEN 'Não consta mais no ERP'
     WHEN is_cancelled OR closing = 'termination' THEN 'Distrato no ERP'
     WHEN closing = 'payment' THEN 'Recebida no ERP'
     WHEN closing = 'renegotiation' THEN 'Renegociada no ERP'
     WHEN closing = 'creditor_request' THEN 'Cancelada no ERP'
     ELSE 'Sem saldo no ERP' END
"""

RECALLS = f"""
INSERT INTO contracts_recall (agency_id, contract_id, number, reason, recalled_on, note)
SELECT %(agency)s, contract_id, number, {_REASON}, %(on)s, {_EVIDENCE}
FROM m_delta WHERE move IN ('close', 'gone')
"""

# Boletos that a daily load told apart from their installments.
BOLETOS = """
UPDATE contracts_installment i SET has_boleto = b.available, updated_at = now()
FROM {boleto} b JOIN contracts_contract c ON c.creditor_id = %(creditor)s AND c.is_current
                                         AND c.external_id = b.contract
WHERE i.contract_id = c.id AND i.number = b.number AND i.has_boleto <> b.available
  AND NOT %(full)s
"""

CONTRACT_STATUS = """
UPDATE contracts_contract c
SET status = n.status, finished_on = CASE WHEN n.status = 'finished' THEN %(on)s::date END,
    updated_at = now()
FROM (
    SELECT t.contract_id, CASE WHEN EXISTS (
               SELECT 1 FROM contracts_installment i
               WHERE i.contract_id = t.contract_id AND i.status IN ('open', 'negotiated'))
           THEN 'active' ELSE 'finished' END AS status
    FROM (SELECT DISTINCT d.contract_id FROM m_delta d
          WHERE d.move <> 'change' AND NOT EXISTS (
              SELECT 1 FROM m_live l WHERE l.contract_id = d.contract_id AND l.is_new)) t
) n
WHERE c.id = n.contract_id AND c.status <> n.status
"""


def compare(sql: Statements) -> None:
    """Fill m_delta with every installment that must change, and what it must become."""
    _find_difference(sql)
    if _drop_duplicates(sql):
        sql.run("DROP TABLE m_delta")
        _find_difference(sql)
    sql.run(CANCELLED)
    sql.run(SHIELD)


# An ERP that told of no boleto spares the join.
_WITH_BOLETOS = """
    LEFT JOIN (SELECT l.contract_id, b.number, b.available
               FROM {boleto} b JOIN m_live l ON l.external_id = b.contract) b
           ON b.contract_id = s.contract_id AND b.number = s.number
"""
_WITHOUT_BOLETOS = "CROSS JOIN (SELECT NULL::boolean AS available) b"


def _find_difference(sql: Statements) -> None:
    told = sql.number("SELECT count(*) FROM (SELECT 1 FROM {boleto} b LIMIT 1) one")
    delta = FULL_DELTA if sql.job.full else DAILY_DELTA
    sql.run(delta.replace("{_boletos}", _WITH_BOLETOS if told else _WITHOUT_BOLETOS))
    sql.run("ANALYZE m_delta (contract_id, move)")


def _drop_duplicates(sql: Statements) -> int:
    dropped = 0
    for stage in ("{installment}", "{boleto}"):
        if sql.number(HAS_DUPLICATES.replace("{table}", stage)):
            dropped += sql.run(DUPLICATES.replace("{table}", stage))
    return dropped


def counts(sql: Statements) -> dict[str, int]:
    """Count the moves of m_delta."""
    return {move: int(n) for move, n in sql.rows("SELECT move, count(*) FROM m_delta GROUP BY 1")}


def apply(sql: Statements) -> int:
    """Carry m_delta out; returns the boletos that changed besides."""
    sql.run(INSERT)
    sql.run(CHANGE)
    sql.run(REOPEN)
    sql.run(REOPENED_RECALLS)
    sql.run(CLOSE)
    sql.run(RECALLS)
    boletos = sql.run(BOLETOS)
    sql.run(CONTRACT_STATUS)
    return boletos
