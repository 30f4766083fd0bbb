"""Step 4: contracts — transferred, included, changed. m_live says which contract each title is."""

from cobranca.contracts.mirror.sql import Statements

# SIE-11: only a batimento sees both sides of a change of holder at one moment.
TRANSFERRED = """
CREATE TEMP TABLE m_transfer ON COMMIT DROP AS
SELECT t.external_id, t.contract_id AS old_id, t.own_debtor AS old_debtor, t.debtor_id AS new_debtor
FROM m_title t
WHERE %(full)s AND t.is_wanted AND t.has_open AND t.contract_id IS NOT NULL
  AND t.own_customer <> t.customer AND t.own_debtor <> t.debtor_id
  AND t.contract_id NOT IN (SELECT contract_id FROM m_newer)
"""

# Once for each new holder: until the batimento, each reading of the title finds the same.
NOTICED = """
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, t.own_debtor, t.contract_id, 'transfer', 'Cessão de direitos', told.text
FROM m_title t
JOIN contracts_contract c ON c.id = t.contract_id
LEFT JOIN debtors_debtorreference ref
       ON ref.agency_id = %(agency)s AND ref.system = %(system)s AND ref.external_id = t.customer
CROSS JOIN LATERAL (
    SELECT format('Contrato %%s: o ERP indica outro titular, o cliente %%s. '
                  'A cessão será aplicada no próximo batimento.', c.number, t.customer) AS text
) told
LEFT JOIN LATERAL (
    SELECT e.text FROM contracts_event e
    WHERE e.contract_id = t.contract_id AND e.kind = 'transfer' ORDER BY e.id DESC LIMIT 1
) last ON true
WHERE t.has_open AND t.customer <> '' AND t.customer <> t.own_customer
  AND ref.debtor_id IS DISTINCT FROM t.own_debtor AND last.text IS DISTINCT FROM told.text
  AND t.contract_id NOT IN (SELECT contract_id FROM m_newer)
"""

LEAVE_OLD_HOLDER = """
UPDATE contracts_contract c
SET is_current = false, status = 'finished', finished_on = %(on)s, updated_at = now()
FROM m_transfer x WHERE c.id = x.old_id
"""

OLD_INSTALLMENTS = """
WITH closed AS (
    UPDATE contracts_installment i SET status = 'recalled', updated_at = now()
    FROM m_transfer x
    WHERE i.contract_id = x.old_id AND i.status IN ('open', 'negotiated')
    RETURNING i.contract_id, i.number
)
INSERT INTO contracts_recall (agency_id, contract_id, number, reason, recalled_on, note)
SELECT %(agency)s, contract_id, number, 'transfer', %(on)s, 'Cessão de direitos no ERP' FROM closed
"""

FORGET_OLD = """
UPDATE m_title t SET contract_id = NULL FROM m_transfer x WHERE x.external_id = t.external_id
"""

# The same holder may get a title back: his finished contract is taken up again.
RETURNED = """
WITH back AS (
    UPDATE contracts_contract c
    SET is_current = true, status = 'active', finished_on = NULL,
        external_id = t.external_id, external_debtor = t.customer, updated_at = now()
    FROM m_title t
    WHERE t.contract_id IS NULL AND t.is_wanted AND t.has_open
      AND c.agency_id = %(agency)s AND c.creditor_id = %(creditor)s
      AND c.debtor_id = t.debtor_id AND c.number = t.number AND c.contract_type_id = t.type_id
    RETURNING c.id, t.external_id
)
UPDATE m_title t SET contract_id = back.id FROM back WHERE back.external_id = t.external_id
"""

PRODUCTS = """
CREATE TEMP TABLE m_product ON COMMIT DROP AS
SELECT DISTINCT ON (unit_id) unit_id, attributes FROM {product} s
ORDER BY unit_id, page DESC, ctid DESC
"""

# What comes with a contract has its instant, that of the transaction: the loss meter looks at it.
NEW_CONTRACTS = """
WITH fresh AS (
    INSERT INTO contracts_contract (
        agency_id, creditor_id, branch_id, contract_type_id, debtor_id, number, kind, status,
        external_id, external_debtor, is_current, document_number, unit, issued_on, attributes,
        created_at)
    SELECT %(agency)s, %(creditor)s, t.branch_id, t.type_id, t.debtor_id, left(t.number, 40),
           CASE WHEN t.is_sale THEN 'sale' ELSE 'standalone' END, 'active',
           t.external_id, t.customer, true, left(t.document_number, 40), left(t.unit, 60),
           t.issued_on, coalesce(p.attributes, '{{}}'), now()
    FROM m_title t LEFT JOIN m_product p ON p.unit_id = t.unit_id
    WHERE t.contract_id IS NULL AND t.is_wanted AND t.has_open
    RETURNING id, external_id
)
INSERT INTO m_live SELECT external_id, id, true, false, false FROM fresh
"""

NEGOTIATIONS = """
INSERT INTO contracts_negotiation (agency_id, contract_id, number, started_on)
SELECT %(agency)s, l.contract_id, 1, t.issued_on
FROM m_live l JOIN m_title t ON t.external_id = l.external_id WHERE l.is_new
"""

# Facts a daily load did not read (no sales contract, no unit) stay as they are.
CHANGED = """
UPDATE contracts_contract c
SET branch_id = n.branch_id, contract_type_id = n.type_id, debtor_id = n.debtor_id,
    external_debtor = n.customer, document_number = n.document_number, unit = n.unit,
    issued_on = n.issued_on, kind = n.kind, attributes = n.attributes, updated_at = now()
FROM (
    SELECT t.contract_id, own.debtor_id AS own_debtor, t.type_id,
           CASE WHEN keeps.commercial THEN own.branch_id ELSE t.branch_id END AS branch_id,
           CASE WHEN keeps.holder THEN own.debtor_id ELSE t.debtor_id END AS debtor_id,
           CASE WHEN keeps.holder THEN own.external_debtor ELSE t.customer END AS customer,
           CASE WHEN keeps.commercial THEN own.document_number
                ELSE left(t.document_number, 40) END AS document_number,
           CASE WHEN keeps.commercial THEN own.unit ELSE left(t.unit, 60) END AS unit,
           CASE WHEN keeps.commercial THEN own.issued_on ELSE t.issued_on END AS issued_on,
           CASE WHEN keeps.commercial THEN own.kind WHEN t.is_sale THEN 'sale'
                ELSE 'standalone' END AS kind,
           coalesce(p.attributes, own.attributes) AS attributes
    FROM m_title t
    JOIN contracts_contract own ON own.id = t.contract_id
    LEFT JOIN m_product p ON p.unit_id = t.unit_id
    LEFT JOIN m_newer r ON r.contract_id = t.contract_id
    CROSS JOIN LATERAL (SELECT NOT %(full)s AND NOT t.has_sale AS commercial,
                               (NOT %(full)s OR r.contract_id IS NOT NULL)
                               AND t.customer <> own.external_debtor AS holder) keeps
    WHERE t.is_wanted AND t.type_id IS NOT NULL AND t.debtor_id IS NOT NULL
) n
WHERE c.id = n.contract_id
  AND (c.branch_id, c.contract_type_id, c.debtor_id, c.external_debtor, c.document_number, c.unit,
       c.issued_on, c.kind, c.attributes)
      IS DISTINCT FROM
      (n.branch_id, n.type_id, n.debtor_id, n.customer, n.document_number, n.unit, n.issued_on,
       n.kind, n.attributes)
RETURNING n.own_debtor, c.debtor_id
"""

TRANSFER_EVENTS = """
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT %(agency)s, old.id, x.old_id, 'transfer', 'Cessão de direitos',
       format('Contrato %%s finalizado: transferido para %%s no ERP.', c.number, new.name)
FROM m_transfer x JOIN contracts_contract c ON c.id = x.old_id
JOIN debtors_debtor old ON old.id = x.old_debtor JOIN debtors_debtor new ON new.id = x.new_debtor
UNION ALL
SELECT %(agency)s, new.id, l.contract_id, 'transfer', 'Cessão de direitos',
       format('Contrato %%s recebido de %%s no ERP.', c.number, old.name)
FROM m_transfer x JOIN m_live l ON l.external_id = x.external_id
JOIN contracts_contract c ON c.id = l.contract_id
JOIN debtors_debtor old ON old.id = x.old_debtor JOIN debtors_debtor new ON new.id = x.new_debtor
"""


def apply(sql: Statements) -> dict[str, int]:
    """Bring contracts up to date and fill m_live; transfers are counted with their recalls."""
    transferred = recalled = 0
    sql.run(TRANSFERRED)
    if sql.job.full:
        transferred = sql.run(LEAVE_OLD_HOLDER)
        recalled = sql.run(OLD_INSTALLMENTS) if transferred else 0
        sql.run(FORGET_OLD)
    if sql.job.titles:
        sql.run(NOTICED)
    else:
        sql.run(RETURNED)
    sql.run(PRODUCTS)
    sql.run(
        "CREATE TEMP TABLE m_live (external_id text, contract_id bigint, is_new boolean,"
        " is_cancelled boolean, has_receipts boolean) ON COMMIT DROP"
    )
    changed = _remember_changed(sql)
    sql.run(
        "INSERT INTO m_live SELECT external_id, contract_id, false, is_cancelled, has_receipts"
        " FROM m_title WHERE contract_id IS NOT NULL AND is_wanted"
    )
    included = 0 if sql.job.titles else sql.run(NEW_CONTRACTS)
    sql.run("ANALYZE m_live")
    if included:
        sql.run(NEGOTIATIONS)
    if transferred:
        sql.run(TRANSFER_EVENTS)
        sql.run("INSERT INTO m_touched SELECT old_debtor FROM m_transfer")
    return {
        "contracts_included": included,
        "contracts_updated": changed,
        "transferred": transferred,
        "transfer_recalls": recalled,
    }


def _remember_changed(sql: Statements) -> int:
    touched = sql.run(
        f"WITH changed AS ({CHANGED}) INSERT INTO m_touched"
        " SELECT unnest(ARRAY[own_debtor, debtor_id]) FROM changed"
    )
    return touched // 2
