"""Devoluções: why an installment left collection, in words the office knows from its ERP."""

from cobranca.contracts.mirror.sql import Statements

# What the playbook (7.1.3) writes under every recall of the reading that opening a debtor asks for.
SYNCED = "Parcela(s) sincronizada(s) via webservice"
_RECEIVED, _REMADE, _CANCELLED = "Recebida no ERP", "Renegociada no ERP", "Distrato no ERP"
_GONE = "Não consta mais no ERP"

# Whether the ERP itself closed what it now shows open again: then a receipt was reversed, a
# renegotiation undone, and the office has no say; nor where a renegotiation that was undone had a
# number which the ERP gives out again. `i` is the installment here.
TOLD_BY_THE_ERP = f"""
    (SELECT last.reason IN ('payment', 'renegotiation', 'termination')
            OR last.note IN ('{_RECEIVED}', '{_REMADE}', '{_CANCELLED}')
            OR (i.negotiation > 1 AND last.note IN ('{_GONE}', '{SYNCED}'))
            OR (last.note = '{SYNCED}' AND EXISTS (
                SELECT 1 FROM contracts_payment p
                WHERE p.contract_id = i.contract_id AND p.number = i.number))
     FROM contracts_recall last
     WHERE last.contract_id = i.contract_id AND last.number = i.number
     ORDER BY last.id DESC LIMIT 1)
"""

# How an installment `i` ended that a renegotiation replaced, whoever noticed it.
WAS_REMADE = f"""
    EXISTS (SELECT 1 FROM contracts_recall r
            WHERE r.contract_id = i.contract_id AND r.number = i.number AND r.reopened_on IS NULL
              AND (r.reason = 'renegotiation' OR r.note = '{_REMADE}'))
"""

# In a batimento the reason is always "Batimento" (playbook 7.1.2), and opening a debtor calls all
# but cancellations and renegotiations a request of the creditor (7.1.3): of what is in agreement
# money is not hidden so, or the agreement would pass for broken. Elsewhere it is what the ERP told.
_REASON = """
CASE WHEN %(full)s THEN 'reconciliation'
     WHEN is_cancelled OR closing = 'termination' THEN 'termination'
     WHEN closing = 'renegotiation' THEN 'renegotiation'
     WHEN closing = 'payment' AND (NOT %(opening)s OR old_status = 'negotiated') THEN 'payment'
     ELSE 'creditor_request' END
"""
# The note keeps the evidence.
_EVIDENCE = f"""
CASE WHEN %(opening)s THEN '{SYNCED}'
     WHEN is_cancelled OR closing = 'termination' THEN '{_CANCELLED}'
     WHEN move = 'gone' THEN '{_GONE}'
     WHEN closing = 'payment' AND %(full)s THEN '{_RECEIVED}'
     WHEN closing = 'payment' THEN 'Recebimento no ' || %(erp)s
     WHEN closing = 'renegotiation' THEN '{_REMADE}'
     WHEN closing = 'creditor_request' THEN 'Cancelada no ERP'
     ELSE 'Sem saldo no ERP' END
"""

RECALLS = f"""
INSERT INTO contracts_recall (agency_id, contract_id, number, reason, recalled_on, note)
SELECT %(agency)s, contract_id, number, {_REASON}, %(on)s, {_EVIDENCE}
FROM m_delta WHERE move IN ('close', 'gone')
"""

REOPENED = """
UPDATE contracts_recall r SET reopened_on = %(on)s
FROM m_delta d WHERE d.move = 'reopen' AND r.contract_id = d.contract_id AND r.number = d.number
 AND r.reopened_on IS NULL
"""

# Recalls of an opening whose reason a receipt may still have to tell.
_WORDED = f"""
    contracts_recall r JOIN m_live l ON l.contract_id = r.contract_id
    WHERE r.reason = 'creditor_request' AND r.note = '{SYNCED}' AND r.reopened_on IS NULL
"""
HAS_WORDED = f"SELECT count(*) FROM (SELECT 1 FROM {_WORDED} LIMIT 1) one"

# The receipt came after somebody had opened the debtor: now it is known why.
CORRECTED = f"""
CREATE TEMP TABLE m_corrected ON COMMIT DROP AS
WITH corrected AS (
    UPDATE contracts_recall t SET reason = 'payment', note = 'Recebimento no ' || %(erp)s
    FROM (SELECT r.id, r.contract_id, r.number, l.external_id FROM {_WORDED}) r
    JOIN contracts_installment i ON i.contract_id = r.contract_id AND i.number = r.number
                                AND i.status = 'recalled'
    JOIN {{installment}} s ON s.contract = r.external_id AND s.number = r.number
                          AND NOT s.is_open AND s.closing = 'payment'
    WHERE t.id = r.id AND r.contract_id NOT IN (SELECT contract_id FROM m_newer WHERE has_receipts)
    RETURNING t.contract_id, t.number
)
SELECT DISTINCT * FROM corrected
"""


def apply(sql: Statements) -> None:
    """Write the recalls of m_delta, and m_corrected: those whose reason a receipt now tells."""
    sql.run(REOPENED)
    sql.run(RECALLS)
    if not sql.job.is_opening and sql.number(HAS_WORDED):
        sql.run(CORRECTED)
    else:
        sql.run("CREATE TEMP TABLE m_corrected (contract_id bigint, number int) ON COMMIT DROP")
