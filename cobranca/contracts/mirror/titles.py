"""Step 1: what the ERP says of each title, its branch, its debtor, and what is left out."""

from cobranca.contracts.mirror.job import MirrorIssue
from cobranca.contracts.mirror.sql import Statements

# The receivables side names holder and type, the commercial side the sales contract.
TITLES = """
CREATE TEMP TABLE m_title ON COMMIT DROP AS
WITH told AS (
    SELECT DISTINCT ON (external_id) * FROM {contract} s ORDER BY external_id, page DESC, ctid DESC
), sold AS (
    SELECT DISTINCT ON (contract) * FROM {sale} s ORDER BY contract, page DESC, ctid DESC
), open AS (
    SELECT DISTINCT contract FROM {opened} s
)
SELECT told.external_id, told.debtor AS customer, told.type_code, told.type_name,
       coalesce(nullif(told.number, ''), told.external_id) AS number,
       coalesce(nullif(sold.document_number, ''), told.document_number) AS document_number,
       coalesce(nullif(sold.unit, ''), told.unit) AS unit,
       coalesce(sold.unit_id, '') AS unit_id,
       coalesce(sold.issued_on, told.issued_on) AS issued_on,
       told.is_sale OR sold.contract IS NOT NULL AS is_sale,
       sold.contract IS NOT NULL AS has_sale,
       CASE WHEN told.is_sale OR sold.contract IS NOT NULL
            THEN coalesce(nullif(sold.branch, ''), told.branch) ELSE '' END AS branch,
       told.branch_name, told.has_receipts,
       coalesce(sold.is_cancelled, false) AS is_cancelled,
       open.contract IS NOT NULL AND sold.is_cancelled IS NOT TRUE AS has_open,
       own.id AS contract_id, own.external_debtor AS own_customer, own.debtor_id AS own_debtor,
       NULL::bigint AS branch_id, NULL::bigint AS debtor_id, NULL::bigint AS type_id,
       true AS is_wanted
FROM told
LEFT JOIN sold ON sold.contract = told.external_id
LEFT JOIN open ON open.contract = told.external_id
LEFT JOIN contracts_contract own
       ON own.creditor_id = %(creditor)s AND own.is_current AND own.external_id <> ''
      AND own.external_id = told.external_id
WHERE own.id IS NOT NULL OR (open.contract IS NOT NULL AND NOT %(titles)s)
"""

DOUBTS = """
CREATE TEMP TABLE m_doubt ON COMMIT DROP AS
SELECT DISTINCT contract, number FROM {doubt} s WHERE contract <> '' AND NOT of_receipts
"""

NEW_BRANCHES = """
INSERT INTO creditors_branch (agency_id, creditor_id, code, name, acronym, document, is_active,
                              source)
SELECT %(agency)s, %(creditor)s, code, name, '', document, true, 'import' FROM (
    SELECT DISTINCT ON (code) code, name, document FROM (
        SELECT external_id AS code, left(name, 150) AS name, document, 0 AS rank FROM {branch} s
        UNION ALL
        SELECT branch, left(coalesce(nullif(branch_name, ''), branch), 150), '', 1
        FROM m_title WHERE branch <> '' AND has_open
    ) AS told WHERE code <> '' ORDER BY code, rank
) AS one
WHERE %(import_branches)s
ON CONFLICT (creditor_id, code) DO NOTHING
"""

RENAMED_BRANCHES = """
UPDATE creditors_branch b SET name = left(told.name, 150), document = told.document,
                              updated_at = now()
FROM (SELECT DISTINCT ON (external_id) * FROM {branch} s
      ORDER BY external_id, page DESC, ctid DESC) told
WHERE b.creditor_id = %(creditor)s AND b.source = 'import' AND b.code = told.external_id
  AND (b.name, b.document) IS DISTINCT FROM (left(told.name, 150), told.document)
"""

BRANCH_OF_TITLE = """
UPDATE m_title t SET branch_id = b.id FROM creditors_branch b
WHERE b.creditor_id = %(creditor)s AND b.is_active AND b.code = t.branch AND t.branch <> ''
"""

# A daily load that did not see the sales contract keeps the branch known here. Titles read one
# by one were let in by a load: their branch is not asked for again.
BRANCH_KEPT = """
UPDATE m_title t SET branch_id = c.branch_id, is_sale = c.kind = 'sale', branch = ''
FROM contracts_contract c
WHERE c.id = t.contract_id AND NOT %(full)s
  AND (NOT t.has_sale OR (%(titles)s AND t.branch_id IS NULL))
"""

UNREGISTERED = """
UPDATE m_title SET is_wanted = false WHERE branch <> '' AND branch_id IS NULL
RETURNING external_id, branch, branch_name, has_open
"""

NEW_TYPES = """
INSERT INTO creditors_contracttype (agency_id, code, name, creditor_type, is_validated)
SELECT DISTINCT ON (type_code) %(agency)s, type_code,
       left(coalesce(nullif(type_name, ''), type_code), 80), %(system)s, false
FROM m_title WHERE is_wanted AND has_open
ON CONFLICT (agency_id, creditor_type, code) DO NOTHING
"""

TYPE_OF_TITLE = """
UPDATE m_title t SET type_id = ct.id FROM creditors_contracttype ct
WHERE ct.agency_id = %(agency)s AND ct.creditor_type = %(system)s AND ct.code = t.type_code
"""

DEBTOR_OF_TITLE = """
UPDATE m_title t SET debtor_id = ref.debtor_id FROM debtors_debtorreference ref
WHERE ref.agency_id = %(agency)s AND ref.system = %(system)s AND ref.external_id = t.customer
"""

# Whoever the ERP names now, a title read by itself stays with the debtor it has here (SIE-11).
HOLDER_KEPT = """
UPDATE m_title SET debtor_id = own_debtor WHERE debtor_id IS NULL
"""

# A customer the ERP names but does not show: what is here of the title stays as it is.
UNKNOWN_CUSTOMERS = """
WITH unknown AS (
    UPDATE m_title SET is_wanted = false
    WHERE is_wanted AND debtor_id IS NULL AND has_open
    RETURNING external_id, customer
), shielded AS (
    INSERT INTO m_doubt SELECT external_id, NULL FROM unknown
)
SELECT external_id, customer FROM unknown ORDER BY external_id
"""


def collect(sql: Statements) -> None:
    """Join both sides of every title into m_title and find its branch."""
    sql.run(TITLES)
    sql.run("ANALYZE m_title (external_id, customer, branch, contract_id)")
    sql.run(DOUBTS)
    if sql.job.import_branches:
        sql.run(NEW_BRANCHES)
    if sql.staged("branch"):
        sql.run(RENAMED_BRANCHES)
    if not sql.job.titles or sql.staged("sale"):
        sql.run(BRANCH_OF_TITLE)
    sql.run(BRANCH_KEPT)


def leave_out_unregistered(sql: Statements) -> list[MirrorIssue]:
    """Set aside the titles whose branch nobody registered (SIE-06)."""
    return [
        MirrorIssue("branch", _branch_message(code, name), contract)
        for contract, code, name, has_open in sql.rows(UNREGISTERED)
        if has_open
    ]


def _branch_message(code: str, name: str) -> str:
    named = f"{code} ({name})" if name else code
    return f"Filial não cadastrada: {named}."


def resolve(sql: Statements) -> list[MirrorIssue]:
    """Give each title its contract type and debtor; without a debtor it is set aside."""
    sql.run(NEW_TYPES)
    sql.run(TYPE_OF_TITLE)
    sql.run(DEBTOR_OF_TITLE)
    sql.run("ANALYZE m_title (contract_id, debtor_id, type_id)")
    if sql.job.titles:
        sql.run(HOLDER_KEPT)
        return []
    return [
        MirrorIssue("customer", f"Cliente {customer} não encontrado no ERP.", contract)
        for contract, customer in sql.rows(UNKNOWN_CUSTOMERS)
    ]
