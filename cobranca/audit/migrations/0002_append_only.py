"""The trail is unalterable in the database itself.

A row may only be rewritten by a session that says so aloud (`SET cobranca.allow_rewrite = 'on'`),
which one place of the product does: the anonymisation of a person. TRUNCATE is left to the table's owner: triggers on rows do not
see it, and the test runner empties tables with it.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION audit_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cobranca.allow_rewrite', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'audit_auditentry is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_rewrite();
"""
NO_GUARD = """
DROP TRIGGER audit_append_only ON audit_auditentry;
DROP FUNCTION audit_refuse_rewrite();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
