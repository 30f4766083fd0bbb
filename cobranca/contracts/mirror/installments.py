"""Step 5: m_delta carried out, set by set."""

from cobranca.contracts.mirror import negotiations, recalls
from cobranca.contracts.mirror.sql import Statements

INSERT = """
INSERT INTO contracts_installment (agency_id, contract_id, negotiation, number, label, due_date,
                                   principal, balance, note, status, has_boleto, is_imported,
                                   created_at)
SELECT %(agency)s, contract_id, negotiation, number, left(label, 20), due_date, principal, balance,
       left(note, 40), 'open', has_boleto, true, now()
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

# An agreement that is in the ERP takes back what it generated there.
REOPEN = """
UPDATE contracts_installment i
SET status = CASE WHEN n.is_agreement THEN 'negotiated' ELSE 'open' END, due_date = d.due_date,
    principal = d.principal, balance = d.balance, note = left(d.note, 40),
    label = left(d.label, 20), has_boleto = d.has_boleto, updated_at = now()
FROM m_delta d JOIN contracts_negotiation n ON n.contract_id = d.contract_id
                                           AND n.number = d.negotiation
WHERE d.move = 'reopen' AND i.id = d.installment_id
"""

# What was received there includes what the office had received: nothing of it is left to be seen.
CLOSE = """
UPDATE contracts_installment i
SET status = 'recalled', updated_at = now(),
    credit = CASE WHEN d.closing = 'payment' THEN greatest(0, i.credit - i.balance)
                  ELSE i.credit END
FROM m_delta d WHERE d.move IN ('close', 'gone') AND i.id = d.installment_id
"""

# Boletos that a daily load told apart from their installments.
BOLETOS = """
UPDATE contracts_installment i SET has_boleto = b.available, updated_at = now()
FROM {boleto} b JOIN contracts_contract c ON c.creditor_id = %(creditor)s AND c.is_current
                                         AND c.external_id <> '' AND c.external_id = b.contract
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
    FROM (SELECT DISTINCT contract_id FROM m_delta WHERE move <> 'change' AND NOT is_first) t
) n
WHERE c.id = n.contract_id AND c.status <> n.status
"""


def apply(sql: Statements, moves: dict[str, int]) -> int:
    """Carry m_delta out; returns the boletos that changed besides."""
    if "new" in moves:
        negotiations.begin(sql)
        sql.run(INSERT)
    if "change" in moves:
        sql.run(CHANGE)
    if "reopen" in moves:
        sql.run(REOPEN)
    if "close" in moves or "gone" in moves:
        sql.run(CLOSE)
    recalls.apply(sql)
    boletos = sql.run(BOLETOS) if sql.staged("boleto") else 0
    sql.run(CONTRACT_STATUS)
    negotiations.finish(sql)
    return boletos
