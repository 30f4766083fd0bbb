"""Requests turned away alike in one minute are one row: counted by an upsert."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("integrations", "0004_partial_run_keys")]

    operations = [
        migrations.AlterField(
            model_name="webhookrefusal",
            name="at",
            field=models.DateTimeField(db_default=Now(), verbose_name="minuto"),
        ),
        migrations.AddConstraint(
            model_name="webhookrefusal",
            constraint=models.UniqueConstraint(
                fields=["agency", "system", "at", "status", "reason"],
                name="webhookrefusal_minute_uniq",
            ),
        ),
    ]
