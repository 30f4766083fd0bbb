"""Step 3: phones, e-mails, addresses and related people of the debtors read in this load.

What the ERP told before and no longer tells is inactivated, never deleted. What a person typed
or inactivated here (any source but `erp`) is not touched (SIE-25), with one exception: what the
ERP was told of it and has changed since (`external_id` says that it was told, SIE-24) is the ERP's
again, provided that it was read after the telling.
"""

from dataclasses import dataclass

from cobranca.contracts.mirror.sql import Statements

# The ERP was not told yet, or was read before it was. Without an instant of reading, nobody knows.
_OURS = "(t.external_id = '' OR coalesce(t.updated_at >= %(read_at)s, true))"
_FINGERPRINT = "md5(cobranca_plain(concat_ws('|', street, street_number, complement, postal_code)))"


@dataclass(frozen=True)
class Contact:
    """How one kind of contact is staged and kept: identity columns and the other facts."""

    stage: str
    table: str
    identity: tuple[str, ...]
    facts: tuple[str, ...]
    computed: tuple[tuple[str, str], ...] = ()
    is_active: str = "true"
    not_empty: str = ""
    # Whether the ERP can be told which is the main one; else our own main one stays it.
    tells_main: bool = False


CONTACTS = (
    Contact(
        "phone",
        "debtors_phone",
        ("number",),
        ("kind", "is_main", "note"),
        computed=(("note", "left(s.note, 80)"),),
        is_active="is_active",
        not_empty="number",
        tells_main=True,
    ),
    Contact("email", "debtors_emailaddress", ("email",), ("is_main",), not_empty="email"),
    Contact(
        "address",
        "debtors_address",
        ("fingerprint",),
        (
            *("kind", "street", "street_number", "complement", "district", "city", "state"),
            *("postal_code", "is_main"),
        ),
        computed=(("fingerprint", _FINGERPRINT),),
        not_empty="street",
    ),
)

STAGED = """
CREATE TEMP TABLE m_{stage} ON COMMIT DROP AS
SELECT DISTINCT ON (debtor_id, {identity}) * FROM (
    SELECT m.debtor_id, m.external_id, {columns}, {is_active} AS is_active, s.page, s.ctid AS place
    FROM {source} s JOIN m_debtor m ON m.external_id = s.debtor
    WHERE s.{not_empty} <> ''
) AS told
ORDER BY debtor_id, {identity}, is_active DESC, length(external_id), external_id, page DESC,
         place DESC
"""

# Who chose another main one here was not heard by the ERP yet.
OUR_MAIN = """
UPDATE m_{stage} s SET is_main = false
FROM {table} t
WHERE t.debtor_id = s.debtor_id AND t.source <> 'erp' AND t.is_main AND t.is_active
  AND NOT ({same}) AND s.is_main AND {keeps_main}
"""

# Told to the ERP, and changed there since.
TAKEN_BACK = """
UPDATE {table} t
SET is_active = s.is_active, is_main = {main}, updated_at = now(),
    source = CASE WHEN t.is_active = s.is_active THEN t.source ELSE 'erp' END
FROM m_{stage} s
WHERE t.debtor_id = s.debtor_id AND {same} AND t.source <> 'erp' AND NOT {is_ours}
  AND (t.is_active, t.is_main) IS DISTINCT FROM (s.is_active, {main})
RETURNING t.debtor_id
"""

INSERT = """
INSERT INTO {table} (agency_id, debtor_id, external_id, source, is_active, {targets}{note})
SELECT %(agency)s, s.debtor_id, s.external_id, 'erp', s.is_active, {staged}{no_note}
FROM m_{stage} s LEFT JOIN {table} t ON t.debtor_id = s.debtor_id AND {same}
WHERE t.id IS NULL
RETURNING debtor_id
"""

UPDATE = """
UPDATE {table} t
SET ({facts}, is_active, external_id) = ({staged_facts}, s.is_active, s.external_id),
    updated_at = now()
FROM m_{stage} s
WHERE t.debtor_id = s.debtor_id AND {same} AND t.source = 'erp'
  AND ({own_facts}, t.is_active) IS DISTINCT FROM ({staged_facts}, s.is_active)
RETURNING t.debtor_id
"""

GONE = """
UPDATE {table} t SET is_active = false, is_main = false, source = 'erp', updated_at = now()
FROM m_debtor m
WHERE t.debtor_id = m.debtor_id AND t.external_id = m.external_id
  AND t.is_active AND (t.source = 'erp' OR NOT {is_ours})
  AND NOT EXISTS (SELECT 1 FROM m_{stage} s WHERE s.debtor_id = t.debtor_id AND {same})
RETURNING t.debtor_id
"""

PEOPLE = """
CREATE TEMP TABLE m_person ON COMMIT DROP AS
SELECT DISTINCT ON (ref.debtor_id, p.role, left(p.name, 150))
       ref.debtor_id, p.role, left(p.name, 150) AS name, p.document, left(p.phone, 15) AS phone,
       left(p.email, 150) AS email, left(p.note, 80) AS note
FROM {person} p JOIN debtors_debtorreference ref
  ON ref.agency_id = %(agency)s AND ref.system = %(system)s AND ref.external_id = p.debtor
WHERE p.name <> ''
ORDER BY ref.debtor_id, p.role, left(p.name, 150), p.page DESC, p.ctid DESC
"""

PEOPLE_MERGE = """
MERGE INTO debtors_relatedperson t USING m_person s
   ON t.debtor_id = s.debtor_id AND t.role = s.role AND t.name = s.name
WHEN MATCHED AND t.source = 'erp'
     AND (t.document, t.phone, t.email, t.note, t.is_active)
         IS DISTINCT FROM (s.document, s.phone, s.email, s.note, true) THEN
    UPDATE SET document = s.document, phone = s.phone, email = s.email, note = s.note,
               is_active = true, updated_at = now()
WHEN NOT MATCHED THEN
    INSERT (agency_id, debtor_id, role, name, document, phone, email, note, source, is_active)
    VALUES (%(agency)s, s.debtor_id, s.role, s.name, s.document, s.phone, s.email, s.note,
            'erp', true)
"""

# Joint buyers come with the sales contracts, all of which only a batimento reads, and only those of
# its own creditor: the customers it reads are the ERP's, who may buy from another company as well.
PEOPLE_GONE = """
UPDATE debtors_relatedperson t SET is_active = false, updated_at = now()
FROM (SELECT DISTINCT debtor_id FROM m_debtor) m
WHERE t.debtor_id = m.debtor_id AND t.source = 'erp' AND t.is_active
  AND (t.role <> 'co_buyer' OR %(full)s AND NOT EXISTS (
       SELECT 1 FROM contracts_contract k
       WHERE k.debtor_id = t.debtor_id AND k.creditor_id <> %(creditor)s AND k.status = 'active'))
  AND NOT EXISTS (SELECT 1 FROM m_person s
                  WHERE s.debtor_id = t.debtor_id AND s.role = t.role AND s.name = t.name)
"""


def apply(sql: Statements) -> dict[str, int]:
    """Bring the contact data of this load's debtors up to date."""
    included = updated = 0
    if not sql.staged("debtor", "person"):
        return {"contacts_included": 0, "contacts_updated": 0}
    for contact in CONTACTS:
        new, changed = _apply_one(sql, contact)
        included += new
        updated += changed
    sql.run(PEOPLE)
    updated += sql.run(PEOPLE_MERGE) + sql.run(PEOPLE_GONE)
    return {"contacts_included": included, "contacts_updated": updated}


def _apply_one(sql: Statements, contact: Contact) -> tuple[int, int]:
    words = _words(contact)
    sql.run(STAGED.format(**words))
    sql.run(f"ANALYZE m_{contact.stage}")
    updated = _touching(sql, GONE.format(**words))
    sql.run(OUR_MAIN.format(**words))
    updated += _touching(sql, UPDATE.format(**words))
    updated += _touching(sql, TAKEN_BACK.format(**words))
    return _touching(sql, INSERT.format(**words)), updated


def _touching(sql: Statements, statement: str) -> int:
    """Run a change and remember whose contact data it touched, for search."""
    return sql.run(
        f"WITH changed AS ({statement}) INSERT INTO m_touched SELECT debtor_id FROM changed"
    )


def _words(contact: Contact) -> dict[str, str]:
    columns = (*contact.identity, *contact.facts)
    computed = dict(contact.computed)
    has_note = "note" in contact.facts
    return {
        "stage": contact.stage,
        "source": "{" + contact.stage + "}",
        "table": contact.table,
        "identity": ", ".join(contact.identity),
        "columns": ", ".join(f"{computed.get(c, 's.' + c)} AS {c}" for c in columns),
        "is_active": "s.is_active" if contact.is_active == "is_active" else "true",
        "not_empty": contact.not_empty,
        "targets": ", ".join(columns),
        "note": "" if has_note else ", note",
        "no_note": "" if has_note else ", ''",
        "staged": ", ".join(f"s.{c}" for c in columns),
        "same": " AND ".join(f"t.{c} = s.{c}" for c in contact.identity),
        "is_ours": _OURS,
        "keeps_main": _OURS if contact.tells_main else "true",
        "main": "s.is_main" if contact.tells_main else "t.is_main",
        "facts": ", ".join(contact.facts),
        "staged_facts": ", ".join(f"s.{c}" for c in contact.facts),
        "own_facts": ", ".join(f"t.{c}" for c in contact.facts),
    }
