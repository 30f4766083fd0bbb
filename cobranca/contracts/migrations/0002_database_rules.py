"""What Django's models cannot say: composite keys, an append-only timeline, room for updates."""

from django.db import migrations

FORWARD = """
-- One key proves three things: the contract exists, has this negotiation, and is of this agency.
ALTER TABLE contracts_negotiation
    ADD CONSTRAINT negotiation_agency_key UNIQUE (contract_id, number, agency_id);
ALTER TABLE contracts_negotiation
    ADD CONSTRAINT negotiation_contract_agency_fk FOREIGN KEY (contract_id, agency_id)
    REFERENCES contracts_contract (id, agency_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts_installment
    ADD CONSTRAINT installment_negotiation_fk FOREIGN KEY (contract_id, negotiation, agency_id)
    REFERENCES contracts_negotiation (contract_id, number, agency_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts_payment
    ADD CONSTRAINT payment_installment_fk FOREIGN KEY (contract_id, number)
    REFERENCES contracts_installment (contract_id, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts_contract
    ADD CONSTRAINT contract_debtor_agency_fk FOREIGN KEY (debtor_id, agency_id)
    REFERENCES debtors_debtor (id, agency_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts_event
    ADD CONSTRAINT event_debtor_agency_fk FOREIGN KEY (debtor_id, agency_id)
    REFERENCES debtors_debtor (id, agency_id) DEFERRABLE INITIALLY DEFERRED;

-- Balances change daily and no index holds them: room on the page keeps updates HOT.
ALTER TABLE contracts_installment SET (fillfactor = 70);

CREATE FUNCTION contracts_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('cobranca.allow_rewrite', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'the timeline is append-only';
END $$;
CREATE TRIGGER contracts_event_append_only BEFORE UPDATE OR DELETE ON contracts_event
    FOR EACH ROW EXECUTE FUNCTION contracts_event_is_append_only();

-- Same table as cobranca.common.text, so that SQL and Python normalise alike.
CREATE FUNCTION cobranca_plain(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(lower(value), 'áàâãäåéèêëíìîïóòôõöúùûüçñýÿ', 'aaaaaaeeeeiiiiooooouuuucnyy')
$$;

-- Staging tables of the mirror live here, one set a run, dropped with it.
CREATE SCHEMA IF NOT EXISTS mirror;
"""
BACKWARD = """
DROP SCHEMA IF EXISTS mirror CASCADE;
DROP FUNCTION cobranca_plain(text);
DROP TRIGGER contracts_event_append_only ON contracts_event;
DROP FUNCTION contracts_event_is_append_only();
ALTER TABLE contracts_event DROP CONSTRAINT event_debtor_agency_fk;
ALTER TABLE contracts_contract DROP CONSTRAINT contract_debtor_agency_fk;
ALTER TABLE contracts_payment DROP CONSTRAINT payment_installment_fk;
ALTER TABLE contracts_installment DROP CONSTRAINT installment_negotiation_fk;
ALTER TABLE contracts_negotiation DROP CONSTRAINT negotiation_contract_agency_fk;
ALTER TABLE contracts_negotiation DROP CONSTRAINT negotiation_agency_key;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
