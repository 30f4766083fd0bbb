"""Where debtors stand among those who owe most, kept by triggers on their summaries.

A word has a bit, one of 64, made of its first three letters; cobranca.debtors.search makes the
same of what is typed. Words of one or two letters have none.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
ALTER TABLE debtors_debtorstanding ADD CONSTRAINT standing_summary_fk FOREIGN KEY (debtor_id)
    REFERENCES debtors_debtorsummary (debtor_id) ON DELETE CASCADE;

CREATE FUNCTION debtors_word_bits(words tsvector) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bit_or(1::bigint << (
        (ascii(word) * 961 + ascii(substr(word, 2)) * 31 + ascii(substr(word, 3))) % 64)), 0)
    FROM unnest(tsvector_to_array(words)) word WHERE length(word) > 2
$$;
CREATE FUNCTION debtors_new_standings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO debtors_debtorstanding (debtor_id, agency_id, open_total, words)
    SELECT debtor_id, agency_id, open_total, debtors_word_bits(search) FROM made
    ON CONFLICT (debtor_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION debtors_standing_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.search IS NOT DISTINCT FROM OLD.search THEN
        UPDATE debtors_debtorstanding SET open_total = NEW.open_total
        WHERE debtor_id = NEW.debtor_id;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO debtors_debtorstanding (debtor_id, agency_id, open_total, words)
    VALUES (NEW.debtor_id, NEW.agency_id, NEW.open_total, debtors_word_bits(NEW.search))
    ON CONFLICT (debtor_id) DO UPDATE
    SET open_total = EXCLUDED.open_total, words = EXCLUDED.words;
    RETURN NULL;
END $$;
CREATE TRIGGER debtors_new_standings AFTER INSERT ON debtors_debtorsummary
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION debtors_new_standings();
CREATE TRIGGER debtors_standing_moves AFTER UPDATE OF open_total, search ON debtors_debtorsummary
    FOR EACH ROW WHEN (
        OLD.open_total <> NEW.open_total OR OLD.search IS DISTINCT FROM NEW.search
    ) EXECUTE FUNCTION debtors_standing_moves();
-- A load that does without the checks of foreign keys does not do without these.
ALTER TABLE debtors_debtorsummary ENABLE ALWAYS TRIGGER debtors_new_standings;
ALTER TABLE debtors_debtorsummary ENABLE ALWAYS TRIGGER debtors_standing_moves;
"""
BACKWARD = """
DROP TRIGGER debtors_standing_moves ON debtors_debtorsummary;
DROP TRIGGER debtors_new_standings ON debtors_debtorsummary;
DROP FUNCTION debtors_standing_moves();
DROP FUNCTION debtors_new_standings();
DROP FUNCTION debtors_word_bits(tsvector);
ALTER TABLE debtors_debtorstanding DROP CONSTRAINT standing_summary_fk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_teams"),
        ("debtors", "0006_blocks_are_of_the_agency"),
    ]

    operations = [
        migrations.CreateModel(
            name="DebtorStanding",
            fields=[
                (
                    "summary",
                    models.OneToOneField(
                        db_column="debtor_id",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="debtors.debtorsummary",
                        verbose_name="resumo",
                    ),
                ),
                (
                    "open_total",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=16,
                        verbose_name="total em aberto",
                    ),
                ),
                ("words", models.BigIntegerField(default=0, verbose_name="palavras")),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="assessoria",
                    ),
                ),
            ],
            options={
                "verbose_name": "lugar entre os devedores",
                "verbose_name_plural": "lugares entre os devedores",
                "indexes": [
                    models.Index(
                        fields=["agency", "-open_total", "summary"],
                        include=("words",),
                        name="standing_largest_idx",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
