"""What went back to creditors, found by its day: a month's board reads a month of it.

Built beside the work: no load waits for it. Indexes by day on receipts and on payments of
agreements were measured, too: neither board was clearly faster.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contracts", "0007_events_follow_merges")]

    operations = [
        AddIndexConcurrently(
            "recall", models.Index(fields=["agency", "recalled_on"], name="recall_recalled_idx")
        ),
    ]
