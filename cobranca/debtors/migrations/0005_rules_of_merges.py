"""What Django's models cannot say of privacy and of merging.

Rows that nobody may alter follow their debtor all the same: when two are found to be one person
(`merged_into` names the other), only whose the row is changes, and only between these two. The
database checks both, so that no code can use a merge to rewrite anything.

What is written a moment later for the one who is gone, by a page that was open, goes to the one
who was kept.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION debtors_is_merge(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM debtors_debtor
                   WHERE id = one AND merged_into_id = other OR id = other AND merged_into_id = one)
$$;

-- Its argument, if any, is how the table is called in the refusal.
CREATE FUNCTION debtors_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cobranca.allow_rewrite', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'debtor_id' = to_jsonb(OLD) - 'debtor_id'
       AND debtors_is_merge(OLD.debtor_id, NEW.debtor_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', COALESCE(TG_ARGV[0], TG_TABLE_NAME);
END $$;

CREATE FUNCTION debtors_follow_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept bigint;
BEGIN
    SELECT merged_into_id INTO kept FROM debtors_debtor WHERE id = NEW.debtor_id;
    NEW.debtor_id := COALESCE(kept, NEW.debtor_id);
    RETURN NEW;
END $$;

-- Readings are deleted once they are older than an office may keep them: a year at the least.
CREATE FUNCTION debtors_reading_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cobranca.allow_rewrite', true) = 'on'
       OR TG_OP = 'DELETE' AND OLD.at < now() - interval '1 year' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'debtor_id' = to_jsonb(OLD) - 'debtor_id'
       AND debtors_is_merge(OLD.debtor_id, NEW.debtor_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log of readings is append-only';
END $$;

CREATE TRIGGER debtors_reading_append_only BEFORE UPDATE OR DELETE ON debtors_debtorreading
    FOR EACH ROW EXECUTE FUNCTION debtors_reading_guard();
CREATE TRIGGER debtors_request_append_only BEFORE UPDATE OR DELETE ON debtors_privacyrequest
    FOR EACH ROW EXECUTE FUNCTION debtors_append_only();
CREATE TRIGGER debtors_block_follows BEFORE INSERT ON debtors_contactblock
    FOR EACH ROW EXECUTE FUNCTION debtors_follow_merge();

ALTER TABLE debtors_debtormerge
    ADD CONSTRAINT merge_kept_agency_fk FOREIGN KEY (kept_id, agency_id)
    REFERENCES debtors_debtor (id, agency_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT merge_gone_agency_fk FOREIGN KEY (gone_id, agency_id)
    REFERENCES debtors_debtor (id, agency_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE debtors_debtor
    ADD CONSTRAINT debtor_merged_agency_fk FOREIGN KEY (merged_into_id, agency_id)
    REFERENCES debtors_debtor (id, agency_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT debtor_merged_into_another CHECK (merged_into_id <> id);
"""
BACKWARD = """
ALTER TABLE debtors_debtor DROP CONSTRAINT debtor_merged_agency_fk,
                           DROP CONSTRAINT debtor_merged_into_another;
ALTER TABLE debtors_debtormerge DROP CONSTRAINT merge_kept_agency_fk,
                                DROP CONSTRAINT merge_gone_agency_fk;
DROP TRIGGER debtors_block_follows ON debtors_contactblock;
DROP TRIGGER debtors_request_append_only ON debtors_privacyrequest;
DROP TRIGGER debtors_reading_append_only ON debtors_debtorreading;
DROP FUNCTION debtors_reading_guard();
DROP FUNCTION debtors_follow_merge();
DROP FUNCTION debtors_append_only();
DROP FUNCTION debtors_is_merge(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("debtors", "0004_merges_and_digests")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
