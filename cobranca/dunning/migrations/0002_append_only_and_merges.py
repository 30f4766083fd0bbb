"""Attempts and records are written once; only whose they are follows a merge of two debtors.

What is written for a debtor who was merged a moment ago goes to the one who was kept.
"""

from django.db import migrations

APPEND_ONLY = ("dunning_contactattempt", "dunning_contactrecord")
FOLLOW = (*APPEND_ONLY, "dunning_promise", "dunning_callback")

FORWARD = [
    f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION debtors_append_only()"""
    for table in APPEND_ONLY
] + [
    f"""CREATE TRIGGER {table}_follows BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION debtors_follow_merge()"""
    for table in FOLLOW
]
BACKWARD = [f"DROP TRIGGER {table}_follows ON {table}" for table in FOLLOW] + [
    f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY
]


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0001_contact_law_and_records"),
        ("debtors", "0005_rules_of_merges"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
