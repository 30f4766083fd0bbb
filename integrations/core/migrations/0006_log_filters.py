"""Failures and the lists of the filters, found in a long log; made beside those who write to it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("integrations", "0005_one_refusal_a_minute")]

    operations = [
        AddIndexConcurrently(
            model_name="integrationlog",
            index=models.Index(
                fields=["agency", "-at", "-id"],
                condition=~Q(error=""),
                name="integrationlog_errors_idx",
            ),
        ),
        AddIndexConcurrently(
            model_name="integrationlog",
            index=models.Index(
                fields=["agency", "kind", "method"], name="integrationlog_method_idx"
            ),
        ),
    ]
