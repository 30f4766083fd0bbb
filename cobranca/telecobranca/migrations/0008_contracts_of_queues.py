"""The contracts that queues are narrowed by, read from an index alone by every ranking."""

from django.db import migrations

FORWARD = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_active_idx
ON contracts_contract (agency_id, creditor_id)
INCLUDE (debtor_id, branch_id, contract_type_id) WHERE status = 'active'
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("contracts", "0006_receipts_of_a_reading"),
        ("telecobranca", "0007_search_in_sql"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, "DROP INDEX CONCURRENTLY IF EXISTS contract_active_idx")
    ]
