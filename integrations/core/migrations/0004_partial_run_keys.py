"""Keys of partial readings: staging tables of their own, far from those of import runs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0005_readings_between_loads"),
        ("integrations", "0003_webhooks_and_operations"),
    ]

    # Fits an advisory lock's key, and begins anew long after its first users are gone.
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE mirror.partial_run AS integer CYCLE",
            "DROP SEQUENCE mirror.partial_run",
        )
    ]
