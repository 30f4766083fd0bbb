"""The timeline stays append-only; only whose an event is follows a merge of two debtors.

What people write for a debtor who was merged a moment ago goes to the one who was kept. The
mirror's events, millions in one load, need no such check: it takes turns with merges.
"""

from django.db import migrations

FORWARD = """
DROP TRIGGER contracts_event_append_only ON contracts_event;
CREATE TRIGGER contracts_event_append_only BEFORE UPDATE OR DELETE ON contracts_event
    FOR EACH ROW EXECUTE FUNCTION debtors_append_only('the timeline');
CREATE TRIGGER contracts_event_follows BEFORE INSERT ON contracts_event
    FOR EACH ROW WHEN (NEW.actor_id IS NOT NULL) EXECUTE FUNCTION debtors_follow_merge();
"""
BACKWARD = """
DROP TRIGGER contracts_event_follows ON contracts_event;
DROP TRIGGER contracts_event_append_only ON contracts_event;
CREATE TRIGGER contracts_event_append_only BEFORE UPDATE OR DELETE ON contracts_event
    FOR EACH ROW EXECUTE FUNCTION contracts_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0006_receipts_of_a_reading"),
        ("debtors", "0005_rules_of_merges"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
