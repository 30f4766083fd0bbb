"""The collectors' search as a function of the database: planned once a connection.

Exact finds come first, then the largest debts. Words that many debtors have are looked for from
the largest debt down until there are enough (debtors_debtorstanding); those that few have, in the
index of words. The largest debts, looked through first, tell which of the two it is. Either gives
the same answer: who walks and does not find enough asks the index.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION telecobranca_search(
    p_agency bigint, p_prefix tsquery, p_exact tsquery, p_words bigint, p_most int,
    p_from_exact boolean, p_total numeric, p_debtor bigint
) RETURNS TABLE (
    r_debtor bigint, r_name varchar, r_document varchar, r_total numeric, r_contracts int,
    r_oldest date, r_numbers varchar[], r_exact boolean
) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
    looked constant int := 200;  -- of the largest debts, to tell how many have these words
    found_exact bigint[] := '{}';
    found_more bigint[] := '{}';
    total numeric := p_total;
    debtor bigint := p_debtor;
    n_exact int;
    n_found int;
BEGIN
    SELECT count(*) FILTER (WHERE s.search @@ p_exact), count(*) INTO n_exact, n_found
    FROM (SELECT o.debtor_id, o.words FROM debtors_debtorstanding o WHERE o.agency_id = p_agency
          ORDER BY o.open_total DESC, o.debtor_id LIMIT looked) o
    JOIN debtors_debtorsummary s ON s.debtor_id = o.debtor_id
    WHERE o.words & p_words = p_words AND s.search @@ p_prefix;

    IF p_from_exact THEN
        IF n_exact > 0 THEN
            found_exact := ARRAY(
                SELECT s.debtor_id
                FROM (SELECT o.* FROM debtors_debtorstanding o
                      WHERE o.agency_id = p_agency AND o.open_total <= total
                        AND (o.open_total < total OR o.debtor_id > debtor)
                      ORDER BY o.open_total DESC, o.debtor_id
                      LIMIT 4 * looked * p_most / n_exact) o
                JOIN debtors_debtorsummary s ON s.debtor_id = o.debtor_id
                WHERE o.words & p_words = p_words AND s.search @@ p_exact
                ORDER BY o.open_total DESC, o.debtor_id LIMIT p_most);
        END IF;
        IF cardinality(found_exact) < p_most THEN
            found_exact := ARRAY(
                SELECT s.debtor_id FROM debtors_debtorsummary s
                WHERE s.search @@ p_exact AND s.agency_id = p_agency AND s.open_total <= total
                  AND (s.open_total < total OR s.debtor_id > debtor)
                ORDER BY s.open_total DESC, s.debtor_id LIMIT p_most);
        END IF;
        -- Those who have only the beginnings of the words start with the largest debt again.
        total := 'Infinity';
        debtor := 0;
    END IF;
    IF cardinality(found_exact) < p_most THEN
        p_most := p_most - cardinality(found_exact);
        IF n_found > n_exact THEN
            found_more := ARRAY(
                SELECT s.debtor_id
                FROM (SELECT o.* FROM debtors_debtorstanding o
                      WHERE o.agency_id = p_agency AND o.open_total <= total
                        AND (o.open_total < total OR o.debtor_id > debtor)
                      ORDER BY o.open_total DESC, o.debtor_id
                      LIMIT 4 * looked * p_most / (n_found - n_exact)) o
                JOIN debtors_debtorsummary s ON s.debtor_id = o.debtor_id
                WHERE o.words & p_words = p_words AND s.search @@ p_prefix
                  AND NOT s.search @@ p_exact
                ORDER BY o.open_total DESC, o.debtor_id LIMIT p_most);
        END IF;
        IF cardinality(found_more) < p_most THEN
            found_more := ARRAY(
                SELECT s.debtor_id FROM debtors_debtorsummary s
                WHERE s.search @@ p_prefix AND NOT s.search @@ p_exact
                  AND s.agency_id = p_agency AND s.open_total <= total
                  AND (s.open_total < total OR s.debtor_id > debtor)
                ORDER BY s.open_total DESC, s.debtor_id LIMIT p_most);
        END IF;
    END IF;
    RETURN QUERY
        SELECT s.debtor_id, d.name, d.document, s.open_total, s.contract_count,
               s.oldest_due_date,
               ARRAY(SELECT c.number FROM contracts_contract c
                     WHERE c.debtor_id = s.debtor_id AND c.status = 'active'
                     ORDER BY c.number LIMIT 3),
               f.place <= cardinality(found_exact)
        FROM unnest(found_exact || found_more) WITH ORDINALITY f (debtor_id, place)
        JOIN debtors_debtorsummary s ON s.debtor_id = f.debtor_id
        JOIN debtors_debtor d ON d.id = s.debtor_id
        ORDER BY f.place;
END $$;
"""
BACKWARD = """
DROP FUNCTION telecobranca_search(
    bigint, tsquery, tsquery, bigint, int, boolean, numeric, bigint
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("debtors", "0007_standings"),
        ("telecobranca", "0006_draw_in_sql"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
