from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0005_readings_between_loads"),
    ]

    operations = [
        migrations.AddField(
            model_name="titlereading",
            name="receipts_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="recebimentos lidos em"),
        ),
    ]
