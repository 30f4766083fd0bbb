"""A quote saved for a debtor who was merged a moment ago is the kept one's."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER campaigns_quote_follows BEFORE INSERT ON campaigns_quote
    FOR EACH ROW EXECUTE FUNCTION debtors_follow_merge();
"""
BACKWARD = """
DROP TRIGGER campaigns_quote_follows ON campaigns_quote;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_campaigns_and_quotes"), ("debtors", "0005_rules_of_merges")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
