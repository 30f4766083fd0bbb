"""A block of one agency cannot name another agency's debtor."""

from django.db import migrations

FORWARD = """
ALTER TABLE debtors_contactblock ADD CONSTRAINT block_debtor_agency_fk
    FOREIGN KEY (debtor_id, agency_id) REFERENCES debtors_debtor (id, agency_id)
    DEFERRABLE INITIALLY DEFERRED
"""
BACKWARD = "ALTER TABLE debtors_contactblock DROP CONSTRAINT block_debtor_agency_fk"


class Migration(migrations.Migration):
    dependencies = [("debtors", "0005_rules_of_merges")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
