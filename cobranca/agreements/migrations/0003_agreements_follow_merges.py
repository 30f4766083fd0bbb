"""An agreement made for a debtor who was merged a moment ago is the kept one's."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER agreements_agreement_follows BEFORE INSERT ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION debtors_follow_merge();
"""
BACKWARD = """
DROP TRIGGER agreements_agreement_follows ON agreements_agreement;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_erp_number"), ("debtors", "0005_rules_of_merges")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
