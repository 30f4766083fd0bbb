"""What Django's models cannot say of the queue: composite key, room for updates, who must leave.

A general block, a merge or an anonymisation takes the debtor out of the queue in the transaction
that makes it, whoever writes it and even while somebody holds the debtor.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE telecobranca_queueentry
    ADD CONSTRAINT queueentry_debtor_agency_fk FOREIGN KEY (debtor_id, agency_id)
    REFERENCES debtors_debtor (id, agency_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
-- Every draw rewrites a row at the head of the queue: room on its page, and vacuum soon after.
ALTER TABLE telecobranca_queueentry SET (
    fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500
);
-- The few whom a ranking leaves out whatever they owe.
CREATE INDEX IF NOT EXISTS debtors_debtor_gone_idx ON debtors_debtor (agency_id)
    WHERE merged_into_id IS NOT NULL OR anonymised_at IS NOT NULL;

CREATE FUNCTION telecobranca_leave_queue(who bigint, ended_as text) RETURNS void
LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM telecobranca_queueentry WHERE debtor_id = who
        RETURNING agency_id, debtor_id, queue_id, held_by_id, held_at, held_until
    )
    INSERT INTO telecobranca_queuedraw
        (agency_id, debtor_id, queue_id, collector_id, drawn_at, ended_at, ended_as)
    SELECT agency_id, debtor_id, queue_id, held_by_id, held_at, now(), ended_as
    FROM gone WHERE held_by_id IS NOT NULL AND held_at IS NOT NULL
$$;
CREATE FUNCTION telecobranca_blocked_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM telecobranca_leave_queue(NEW.debtor_id, 'blocked');
    RETURN NULL;
END $$;
CREATE FUNCTION telecobranca_gone_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM telecobranca_leave_queue(NEW.id, 'gone');
    RETURN NULL;
END $$;
CREATE TRIGGER telecobranca_blocked AFTER UPDATE OF is_blocked ON debtors_debtorsummary
    FOR EACH ROW WHEN (NEW.is_blocked AND NOT OLD.is_blocked)
    EXECUTE FUNCTION telecobranca_blocked_leaves();
CREATE TRIGGER telecobranca_gone AFTER UPDATE OF merged_into_id, anonymised_at ON debtors_debtor
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL OR NEW.anonymised_at IS NOT NULL)
    EXECUTE FUNCTION telecobranca_gone_leaves();
"""
BACKWARD = """
DROP TRIGGER telecobranca_gone ON debtors_debtor;
DROP TRIGGER telecobranca_blocked ON debtors_debtorsummary;
DROP FUNCTION telecobranca_gone_leaves();
DROP FUNCTION telecobranca_blocked_leaves();
DROP FUNCTION telecobranca_leave_queue(bigint, text);
DROP INDEX IF EXISTS debtors_debtor_gone_idx;
ALTER TABLE telecobranca_queueentry RESET
    (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
ALTER TABLE telecobranca_queueentry DROP CONSTRAINT queueentry_debtor_agency_fk;
"""


class Migration(migrations.Migration):
    dependencies = [("telecobranca", "0002_queue_as_worked")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
