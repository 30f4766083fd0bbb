from django.db import migrations

# What a person changed here was never told to the ERP before there was a way to tell it.
_FORGET = "UPDATE {} SET external_id = '' WHERE source <> 'erp' AND external_id <> ''"


class Migration(migrations.Migration):
    """The ERP's customer beside a piece of contact data now says that the ERP has it as it is."""

    dependencies = [("debtors", "0001_initial")]

    operations = [
        migrations.RunSQL(_FORGET.format(table), migrations.RunSQL.noop)
        for table in ("debtors_phone", "debtors_address", "debtors_emailaddress")
    ]
