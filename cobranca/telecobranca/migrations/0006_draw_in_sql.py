"""The draw as a function of the database: planned once a connection, one statement for us.

Rows are locked where they are found (FOR UPDATE SKIP LOCKED): whoever looks for the same debtor at
this moment passes them over, and whoever looked before sees that they were taken. What was in hand
is given back before anything is locked, so that nobody waits for one debtor holding another.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION telecobranca_draw(
    p_me bigint, p_agency bigint, p_at timestamptz, p_again timestamptz, p_pools bigint[],
    p_places text[], p_is_open boolean
) RETURNS TABLE (
    r_debtor bigint, r_queue bigint, r_name varchar, r_until timestamptz, r_is_reminder boolean
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE hit record;
BEGIN
    -- What this collector still held goes back, for later.
    WITH former AS (
        UPDATE telecobranca_queueentry
        SET held_by_id = NULL, held_until = NULL, available_at = p_again
        WHERE held_by_id = p_me AND agency_id = p_agency AND held_until > p_at
        RETURNING agency_id, debtor_id, queue_id, held_at
    )
    INSERT INTO telecobranca_queuedraw
        (agency_id, debtor_id, queue_id, collector_id, drawn_at, ended_at, ended_as)
    SELECT agency_id, debtor_id, queue_id, p_me, held_at, p_at, 'skipped' FROM former;

    -- Their own reminders first; asked of the debtor as they are now: owing, and not blocked.
    SELECT e.debtor_id, e.queue_id, e.held_by_id, e.held_at, e.held_until, true AS is_reminder
    INTO hit
    FROM telecobranca_queueentry e
    WHERE e.reserved_for_id = p_me AND e.available_at <= p_at AND e.agency_id = p_agency
      AND (e.place = ANY(p_places)) = p_is_open
      AND (SELECT s.open_total > 0 AND NOT s.is_blocked
           FROM debtors_debtorsummary s WHERE s.debtor_id = e.debtor_id)
    ORDER BY e.available_at LIMIT 1 FOR UPDATE OF e SKIP LOCKED;
    IF NOT FOUND THEN
        -- Then the best of what is theirs, their team's and anybody's.
        SELECT n.debtor_id, n.queue_id, n.held_by_id, n.held_at, n.held_until,
               false AS is_reminder
        INTO hit
        FROM unnest(p_pools) AS mine (pool) CROSS JOIN LATERAL (
            SELECT e.debtor_id, e.queue_id, e.held_by_id, e.held_at, e.held_until, e.rank
            FROM telecobranca_queueentry e
            WHERE e.agency_id = p_agency AND e.pool = mine.pool AND e.reserved_for_id IS NULL
              AND e.available_at <= p_at AND (e.place = ANY(p_places)) = p_is_open
              AND (SELECT s.open_total > 0 AND NOT s.is_blocked
                   FROM debtors_debtorsummary s WHERE s.debtor_id = e.debtor_id)
            ORDER BY e.rank, e.available_at LIMIT 1 FOR UPDATE OF e SKIP LOCKED
        ) n
        ORDER BY n.rank LIMIT 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;

    IF hit.held_by_id IS NOT NULL THEN  -- a hold that nobody renewed
        INSERT INTO telecobranca_queuedraw
            (agency_id, debtor_id, queue_id, collector_id, drawn_at, ended_at, ended_as)
        VALUES (p_agency, hit.debtor_id, hit.queue_id, hit.held_by_id, hit.held_at,
                hit.held_until, 'idle');
    END IF;
    RETURN QUERY
        UPDATE telecobranca_queueentry e
        SET held_by_id = p_me, held_at = p_at,
            held_until = p_at + q.idle_minutes * interval '1 minute',
            available_at = p_at + q.idle_minutes * interval '1 minute'
        FROM telecobranca_workqueue q
        WHERE e.debtor_id = hit.debtor_id AND q.id = hit.queue_id
        RETURNING e.debtor_id, e.queue_id, q.name, e.held_until, hit.is_reminder;
END $$;
"""
BACKWARD = """
DROP FUNCTION telecobranca_draw(
    bigint, bigint, timestamptz, timestamptz, bigint[], text[], boolean
);
"""


class Migration(migrations.Migration):
    dependencies = [("telecobranca", "0005_distribution_rules")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
