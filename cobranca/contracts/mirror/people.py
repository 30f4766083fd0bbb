"""Step 2: the debtors of the titles, found by document, else by the ERP's code."""

from cobranca.contracts.mirror.sql import Statements
from cobranca.debtors import digests

# Only customers with something open here or there; the ERP's other customers stay there. A title
# read by itself brings nobody new.
NEEDED = """
CREATE TEMP TABLE m_debtor ON COMMIT DROP AS
SELECT DISTINCT ON (d.external_id) d.external_id, left(d.name, 150) AS name, d.document, d.kind,
       left(d.social_name, 150) AS social_name, d.birth_date, d.details,
       NULL::bigint AS debtor_id, NULL::bigint AS merged_from, false AS is_new
FROM {debtor} d
WHERE (d.external_id IN (SELECT customer FROM m_title WHERE is_wanted AND has_open)
       AND NOT %(titles)s)
   OR EXISTS (SELECT 1 FROM debtors_debtorreference ref
              WHERE ref.agency_id = %(agency)s AND ref.system = %(system)s
                AND ref.external_id = d.external_id)
ORDER BY d.external_id, d.page DESC, d.ctid DESC
"""

# Whoever was merged into another leads there, and no longer speaks for the registration.
BY_DOCUMENT = """
UPDATE m_debtor m
SET debtor_id = coalesce(d.merged_into_id, d.id),
    merged_from = CASE WHEN d.merged_into_id IS NOT NULL THEN d.id END
FROM debtors_debtor d
WHERE d.agency_id = %(agency)s AND m.document <> '' AND d.document = m.document
"""

# The code decides when there is no document, when it came by a merge, or when the document was
# corrected in the ERP and nobody else, but for who was merged, shares the debtor.
BY_REFERENCE = """
UPDATE m_debtor m SET debtor_id = d.id, merged_from = ref.merged_from_id
FROM debtors_debtorreference ref JOIN debtors_debtor d ON d.id = ref.debtor_id
WHERE m.debtor_id IS NULL AND ref.agency_id = %(agency)s AND ref.system = %(system)s
  AND ref.external_id = m.external_id
  AND (m.document = '' OR d.document = '' OR ref.merged_from_id IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM debtors_debtorreference other
        WHERE other.debtor_id = d.id AND other.id <> ref.id AND other.merged_from_id IS NULL))
  AND NOT EXISTS (
        SELECT 1 FROM m_debtor twin
        WHERE m.document <> '' AND twin.document = m.document
          AND twin.external_id <> m.external_id)
"""

# One new debtor a document; without one, a debtor a customer.
NEW_IDS = """
WITH fresh AS (
    SELECT coalesce(nullif(document, ''), '#' || external_id) AS person,
           min(external_id) AS external_id,
           nextval(pg_get_serial_sequence('debtors_debtor', 'id')) AS id
    FROM m_debtor WHERE debtor_id IS NULL GROUP BY 1
)
UPDATE m_debtor m SET debtor_id = fresh.id, is_new = m.external_id = fresh.external_id
FROM fresh
WHERE m.debtor_id IS NULL
  AND coalesce(nullif(m.document, ''), '#' || m.external_id) = fresh.person
"""

INSERT_DEBTORS = """
INSERT INTO debtors_debtor (id, agency_id, document, name, kind, social_name, birth_date, details)
SELECT debtor_id, %(agency)s, document, name, kind, social_name, birth_date, details
FROM m_debtor WHERE is_new
"""

REFERENCES = """
INSERT INTO debtors_debtorreference (agency_id, debtor_id, system, external_id, merged_from_id)
SELECT %(agency)s, m.debtor_id, %(system)s, m.external_id, m.merged_from FROM m_debtor m
LEFT JOIN debtors_debtorreference ref
       ON ref.agency_id = %(agency)s AND ref.system = %(system)s
      AND ref.external_id = m.external_id
WHERE ref.id IS NULL OR ref.debtor_id <> m.debtor_id
ON CONFLICT (agency_id, system, external_id)
DO UPDATE SET debtor_id = EXCLUDED.debtor_id, merged_from_id = EXCLUDED.merged_from_id
"""

# One person registered twice in the ERP: the first registration speaks for both, or the two
# would overwrite each other for ever.
CHANGED_DEBTORS = """
UPDATE debtors_debtor d
SET name = m.name, kind = m.kind, social_name = m.social_name, birth_date = m.birth_date,
    details = m.details, document = CASE WHEN m.document <> '' THEN m.document ELSE d.document END,
    updated_at = now()
FROM m_debtor m
WHERE d.id = m.debtor_id AND NOT m.is_new AND m.merged_from IS NULL
  AND (d.name, d.kind, d.social_name, d.birth_date, d.details,
       CASE WHEN m.document <> '' THEN m.document ELSE d.document END)
      IS DISTINCT FROM (m.name, m.kind, m.social_name, m.birth_date, m.details, d.document)
  AND NOT EXISTS (
        SELECT 1 FROM debtors_debtorreference ref
        WHERE ref.debtor_id = d.id AND ref.system = %(system)s AND ref.merged_from_id IS NULL
          AND (length(ref.external_id), ref.external_id)
              < (length(m.external_id), m.external_id))
RETURNING d.id
"""

# Who was anonymised has neither document nor codes here: only a new debt brings them back.
ANONYMISED = """
SELECT count(*) FROM (SELECT 1 FROM debtors_debtor
                      WHERE agency_id = %(agency)s AND document_digest <> '' LIMIT 1) one
"""
CAME_BACK = """
INSERT INTO contracts_event (agency_id, debtor_id, kind, title, text)
SELECT %(agency)s, m.debtor_id, 'import', 'Titular anonimizado voltou',
       format('O ERP trouxe um novo débito de quem foi anonimizado em %%s (registro %%s): os dados '
              'voltam a ser necessários.', to_char(d.anonymised_at, 'DD/MM/YYYY'), d.id)
FROM m_debtor m JOIN debtors_debtor d
  ON d.agency_id = %(agency)s AND d.document_digest <> '' AND d.document_digest = encode(
     sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || convert_to(m.document, 'UTF8'))), 'hex')
WHERE m.is_new AND m.document <> ''
"""


def apply(sql: Statements) -> dict[str, int]:
    """Include and update the debtors of this load; m_debtor tells who is who."""
    sql.run("CREATE TEMP TABLE m_touched (debtor_id bigint) ON COMMIT DROP")
    sql.run(NEEDED)
    if not sql.staged("debtor"):
        return {"debtors_included": 0, "debtors_updated": 0}
    sql.run(BY_DOCUMENT)
    sql.run(BY_REFERENCE)
    sql.run(NEW_IDS)
    sql.run("ANALYZE m_debtor")
    included = sql.run(INSERT_DEBTORS)
    sql.run(REFERENCES)
    if included and sql.number(ANONYMISED):
        for pads in digests.pads():
            sql.run(CAME_BACK, outer=pads.outer, inner=pads.inner)
    updated = sql.run(
        f"WITH changed AS ({CHANGED_DEBTORS}) INSERT INTO m_touched SELECT id FROM changed"
    )
    return {"debtors_included": included, "debtors_updated": updated}
