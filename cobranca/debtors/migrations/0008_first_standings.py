"""The standing of everybody who was there before; no writer waits.

What changes meanwhile is written by the triggers of 0007, and found here as done.
"""

from django.db import migrations

FORWARD = """
INSERT INTO debtors_debtorstanding (debtor_id, agency_id, open_total, words)
SELECT debtor_id, agency_id, open_total, debtors_word_bits(search) FROM debtors_debtorsummary
ON CONFLICT (debtor_id) DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("debtors", "0007_standings")]

    operations = [
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE debtors_debtorstanding", migrations.RunSQL.noop),
    ]
