"""The narrow row per debtor that lists, search and queue read."""

from collections.abc import Collection

from django.db import connection

# Search by whole words and their beginnings: name, document, contracts, phones (with and
# without DDD), e-mails, units. Built as lexemes, so that the text search has no opinion on
# Portuguese, hyphens or e-mail addresses.
_LEXEMES = """
    SELECT array_to_tsvector(array_agg(DISTINCT left(word, 200))) FROM (
        SELECT regexp_split_to_table(cobranca_plain(d.name || ' ' || d.social_name), '[^a-z0-9]+')
        UNION ALL SELECT lower(d.document)
        UNION ALL SELECT regexp_split_to_table(cobranca_plain(g.name), '[^a-z0-9]+')
                  FROM debtors_debtor g WHERE g.merged_into_id = d.id
        UNION ALL SELECT lower(g.document) FROM debtors_debtor g WHERE g.merged_into_id = d.id
        UNION ALL SELECT unnest(ARRAY[lower(c.number), lower(c.document_number)])
                  FROM contracts_contract c WHERE c.debtor_id = d.id
        UNION ALL SELECT regexp_split_to_table(cobranca_plain(c.unit), '[^a-z0-9]+')
                  FROM contracts_contract c WHERE c.debtor_id = d.id
        UNION ALL SELECT unnest(ARRAY[p.number, substr(p.number, 3)])
                  FROM debtors_phone p WHERE p.debtor_id = d.id
        UNION ALL SELECT lower(e.email) FROM debtors_emailaddress e WHERE e.debtor_id = d.id
    ) AS told (word) WHERE word <> ''
"""

TOTALS = """
MERGE INTO debtors_debtorsummary t USING (
    SELECT d.id, d.agency_id, coalesce(owed.total, 0) AS total, coalesce(owed.n, 0) AS n,
           coalesce(owed.contracts, 0) AS contracts, owed.oldest
    FROM ({debtors}) one
    JOIN debtors_debtor d ON d.id = one.debtor_id
    LEFT JOIN (
        SELECT debtor_id, sum(total) AS total, sum(n) AS n, count(*) AS contracts,
               min(oldest) AS oldest
        FROM (
            SELECT c.id, c.debtor_id, count(*) AS n, min(i.due_date) AS oldest,
                   sum(CASE WHEN i.credit > 0 THEN greatest(i.balance - i.credit, 0)
                            ELSE i.balance END) AS total
            FROM ({debtors}) one
            JOIN contracts_contract c ON c.debtor_id = one.debtor_id
            JOIN contracts_installment i ON i.contract_id = c.id
            WHERE i.status IN ('open', 'negotiated')
            GROUP BY c.id, c.debtor_id
        ) by_contract
        GROUP BY debtor_id
    ) owed ON owed.debtor_id = d.id
) s ON t.debtor_id = s.id
WHEN MATCHED AND (t.open_total, t.open_count, t.contract_count, t.oldest_due_date)
                 IS DISTINCT FROM (s.total, s.n, s.contracts, s.oldest) THEN
    UPDATE SET open_total = s.total, open_count = s.n, contract_count = s.contracts,
               oldest_due_date = s.oldest
WHEN NOT MATCHED THEN
    INSERT (debtor_id, agency_id, open_total, open_count, contract_count, oldest_due_date)
    VALUES (s.id, s.agency_id, s.total, s.n, s.contracts, s.oldest)
"""

SEARCH = f"""
UPDATE debtors_debtorsummary t SET search = s.search
FROM (SELECT d.id, CASE WHEN d.merged_into_id IS NULL
                        THEN coalesce(({_LEXEMES}), ''::tsvector) ELSE ''::tsvector END AS search
      FROM ({{debtors}}) one JOIN debtors_debtor d ON d.id = one.debtor_id) s
WHERE t.debtor_id = s.id AND t.search IS DISTINCT FROM s.search
"""


def refresh_totals(debtors: str) -> None:
    """Bring up to date what is owed by the debtors a query yields as `debtor_id`."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS.format(debtors=debtors))


def refresh_search(debtors: str) -> None:
    """Bring up to date how the debtors a query yields as `debtor_id` are found."""
    with connection.cursor() as cursor:
        cursor.execute(SEARCH.format(debtors=debtors))


def refresh_summaries(debtor_ids: Collection[int]) -> None:
    """Bring up to date the summaries of a few debtors, after a change made by a person."""
    ids = ", ".join(str(int(pk)) for pk in debtor_ids) or "NULL"
    debtors = f"SELECT DISTINCT unnest(ARRAY[{ids}]::bigint[]) AS debtor_id"
    refresh_totals(debtors)
    refresh_search(debtors)
