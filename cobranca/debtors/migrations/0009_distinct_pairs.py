"""Pairs of debtors who are two people, not to be suggested for merging again."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Both of the agency that says it.
FORWARD = """
ALTER TABLE debtors_distinctpair ADD CONSTRAINT distinctpair_first_agency_fk
    FOREIGN KEY (first_id, agency_id) REFERENCES debtors_debtor (id, agency_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE debtors_distinctpair ADD CONSTRAINT distinctpair_second_agency_fk
    FOREIGN KEY (second_id, agency_id) REFERENCES debtors_debtor (id, agency_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
BACKWARD = """
ALTER TABLE debtors_distinctpair DROP CONSTRAINT distinctpair_second_agency_fk;
ALTER TABLE debtors_distinctpair DROP CONSTRAINT distinctpair_first_agency_fk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_teams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("debtors", "0008_first_standings"),
    ]

    operations = [
        migrations.CreateModel(
            name="DistinctPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "said_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="em"
                    ),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="desfeito em"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="assessoria",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.debtor",
                        verbose_name="cadastro",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="por",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.debtor",
                        verbose_name="outro",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="desfeito por",
                    ),
                ),
            ],
            options={
                "verbose_name": "par de pessoas diferentes",
                "verbose_name_plural": "pares de pessoas diferentes",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("first", "second"),
                        name="distinctpair_said_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="distinctpair_older_first",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
