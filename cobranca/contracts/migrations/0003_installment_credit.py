from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """What an office received and the ERP does not know of yet; no row is rewritten."""

    dependencies = [
        ("contracts", "0002_database_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="installment",
            name="credit",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                max_digits=14,
                verbose_name="recebido e não baixado no ERP",
            ),
        ),
        AddConstraintNotValid(
            model_name="installment",
            constraint=models.CheckConstraint(
                condition=models.Q(("credit__gte", 0)), name="installment_credit_not_negative"
            ),
        ),
    ]
