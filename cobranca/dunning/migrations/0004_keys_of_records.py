"""A contact, a promise or a callback of one agency cannot name another agency's debtor."""

from django.db import migrations

TABLES = ("contactattempt", "contactrecord", "promise", "callback")
FORWARD = [
    f"""ALTER TABLE dunning_{table} ADD CONSTRAINT {table}_debtor_agency_fk
    FOREIGN KEY (debtor_id, agency_id) REFERENCES debtors_debtor (id, agency_id)
    DEFERRABLE INITIALLY DEFERRED"""
    for table in TABLES
]
BACKWARD = [
    f"ALTER TABLE dunning_{table} DROP CONSTRAINT {table}_debtor_agency_fk" for table in TABLES
]


class Migration(migrations.Migration):
    dependencies = [("dunning", "0003_promises_and_results")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
