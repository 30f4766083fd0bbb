"""What Django's models cannot say of distributions: composite keys, a past that stays as it was."""

from django.db import migrations

FORWARD = """
ALTER TABLE telecobranca_contractassignment
    ADD CONSTRAINT assignment_contract_agency_fk FOREIGN KEY (contract_id, agency_id)
    REFERENCES contracts_contract (id, agency_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE telecobranca_distributionchange
    ADD CONSTRAINT distributionchange_distribution_agency_fk
    FOREIGN KEY (distribution_id, agency_id)
    REFERENCES telecobranca_distribution (id, agency_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT distributionchange_contract_agency_fk FOREIGN KEY (contract_id, agency_id)
    REFERENCES contracts_contract (id, agency_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION telecobranca_distributionchange_is_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cobranca.allow_rewrite', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'what a distribution changed is append-only';
END $$;
CREATE TRIGGER telecobranca_distributionchange_append_only
    BEFORE UPDATE OR DELETE ON telecobranca_distributionchange
    FOR EACH ROW EXECUTE FUNCTION telecobranca_distributionchange_is_past();
"""
BACKWARD = """
DROP TRIGGER telecobranca_distributionchange_append_only ON telecobranca_distributionchange;
DROP FUNCTION telecobranca_distributionchange_is_past();
ALTER TABLE telecobranca_distributionchange
    DROP CONSTRAINT distributionchange_contract_agency_fk,
    DROP CONSTRAINT distributionchange_distribution_agency_fk;
ALTER TABLE telecobranca_contractassignment DROP CONSTRAINT assignment_contract_agency_fk;
"""


class Migration(migrations.Migration):
    dependencies = [("telecobranca", "0004_distributions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
