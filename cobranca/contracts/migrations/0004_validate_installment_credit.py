from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the one before: it reads the whole table, without keeping anyone from it."""

    dependencies = [("contracts", "0003_installment_credit")]

    operations = [
        ValidateConstraint(model_name="installment", name="installment_credit_not_negative")
    ]
