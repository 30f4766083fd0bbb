"""Receipts: each recorded once, whichever channel tells it, and gone when the ERP took it back.

A receipt is known by installment, day, kind and sequence. Channels number the receipts of a day
each in its own way, so what does not agree in the sequence is compared day by day, in order:
only what is more there is new, and only what is more here was reversed.
"""

from cobranca.contracts.mirror.sql import Statements

_KEY = "contract_id, number, paid_on, kind"
_FACTS = "is_cash, gross, net, charges, discount"

_TOLD = """
    SELECT l.contract_id, p.number, p.paid_on, p.sequence, left(p.kind, 40) AS kind,
           p.is_cash, p.gross, p.net, p.charges, p.discount, p.page, p.ctid AS place
    FROM {payment} p JOIN m_live l ON l.external_id = p.contract
"""

# `own` is the row here, `place` the row there; where both are, they disagree about the money.
DIFFERENCE = f"""
CREATE TEMP TABLE m_receipt ON COMMIT DROP AS
SELECT own.id AS own, p.place, p.page, coalesce(p.contract_id, own.contract_id) AS contract_id,
       coalesce(p.number, own.number) AS number, coalesce(p.paid_on, own.paid_on) AS paid_on,
       coalesce(p.sequence, own.sequence) AS sequence, coalesce(p.kind, own.kind) AS kind,
       coalesce(p.is_cash, own.is_cash) AS is_cash, p.gross, coalesce(p.net, own.net) AS net,
       p.charges, p.discount
FROM ({_TOLD}) p
{{_join}} JOIN (SELECT o.* FROM contracts_payment o JOIN m_live l ON l.contract_id = o.contract_id)
          own ON own.contract_id = p.contract_id AND own.number = p.number
             AND own.paid_on = p.paid_on AND own.sequence = p.sequence AND own.kind = p.kind
WHERE own.id IS NULL OR p.place IS NULL
   OR (own.is_cash, own.gross, own.net, own.charges, own.discount)
      <> (p.is_cash, p.gross, p.net, p.charges, p.discount)
"""

# Of one told twice, the last counts.
TOLD_AGAIN = f"""
DELETE FROM m_receipt r USING ({_TOLD}) p
WHERE (p.contract_id, p.number, p.paid_on, p.sequence, p.kind)
    = (r.contract_id, r.number, r.paid_on, r.sequence, r.kind)
  AND (p.page, p.place) > (r.page, r.place)
"""

OUTDATED = """
DELETE FROM m_receipt r USING m_newer n WHERE n.contract_id = r.contract_id AND n.has_receipts
"""

# Only an installment that was read with its receipts, and understood, tells what is no longer
# received of it.
NOT_ASKED = """
DELETE FROM m_receipt r
WHERE r.place IS NULL AND (
    NOT EXISTS (SELECT 1 FROM m_live l JOIN {installment} s ON s.contract = l.external_id
                WHERE l.contract_id = r.contract_id AND l.has_receipts AND s.number = r.number)
    OR EXISTS (SELECT 1 FROM m_live l JOIN {doubt} u ON u.contract = l.external_id
               WHERE l.contract_id = r.contract_id
                 AND (u.number IS NULL OR u.number = r.number)))
"""

AGREED = f"""
WITH pairs AS (
    SELECT here.own, there.place, there.sequence, there.is_cash, there.gross, there.net,
           there.charges, there.discount
    FROM (SELECT *, row_number() OVER (PARTITION BY {_KEY} ORDER BY sequence) AS nth
          FROM m_receipt WHERE place IS NULL) here
    JOIN (SELECT *, row_number() OVER (PARTITION BY {_KEY} ORDER BY sequence) AS nth
          FROM m_receipt WHERE own IS NULL) there USING ({_KEY}, nth)
    UNION ALL
    SELECT own, place, sequence, {_FACTS} FROM m_receipt
    WHERE own IS NOT NULL AND place IS NOT NULL
), corrected AS (
    UPDATE contracts_payment t
    SET (sequence, {_FACTS})
      = (s.sequence, s.is_cash, s.gross, s.net, s.charges, s.discount)
    FROM pairs s WHERE t.id = s.own
)
DELETE FROM m_receipt r USING pairs s WHERE r.own = s.own OR r.place = s.place
"""

NEW = f"""
CREATE TEMP TABLE m_paid ON COMMIT DROP AS
WITH fresh AS (
    INSERT INTO contracts_payment (agency_id, {_KEY}, sequence, {_FACTS}, created_at)
    SELECT DISTINCT ON (r.contract_id, r.number, r.paid_on, r.sequence, r.kind)
           %(agency)s, r.contract_id, r.number, r.paid_on, r.kind, r.sequence, r.is_cash, r.gross,
           r.net, r.charges, r.discount, now()
    FROM m_receipt r
    JOIN contracts_installment i ON i.contract_id = r.contract_id AND i.number = r.number
    WHERE r.own IS NULL
    ORDER BY r.contract_id, r.number, r.paid_on, r.sequence, r.kind, r.page DESC, r.place DESC
    RETURNING {_KEY}, sequence, gross, net
)
SELECT * FROM fresh
"""

REVERSED = """
CREATE TEMP TABLE m_reversed ON COMMIT DROP AS
WITH gone AS (
    DELETE FROM contracts_payment t USING m_receipt r WHERE r.place IS NULL AND t.id = r.own
    RETURNING t.contract_id, t.number, t.paid_on, t.kind, t.is_cash, t.net
)
SELECT * FROM gone
"""
IS_WHOLE = "SELECT count(*) FROM (SELECT 1 FROM m_live WHERE has_receipts LIMIT 1) one"
KNOWN = "SELECT count(*) FROM (SELECT 1 FROM m_receipt WHERE own IS NOT NULL LIMIT 1) one"


def apply(sql: Statements) -> dict[str, int]:
    """Record what was received (m_paid) and take back what was reversed (m_reversed)."""
    is_whole = sql.number(IS_WHOLE)
    sql.run(DIFFERENCE.replace("{_join}", "FULL" if is_whole else "LEFT"))
    sql.run(OUTDATED)
    if sql.number(KNOWN):
        sql.run(TOLD_AGAIN)
        sql.run(NOT_ASKED)
        sql.run(AGREED)
    return {"payments_included": sql.run(NEW), "payments_reversed": sql.run(REVERSED)}
