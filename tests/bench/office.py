"""A large office, made by the database itself: people, how to reach them, what they owe.

Every debtor has a contract of one of four creditors, a phone or two, an address, an e-mail, and
five installments due over three years before and one after `ON`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from django.db import connection, transaction
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.contracts.summary import refresh_search, refresh_totals
from cobranca.creditors.models import Creditor
from tests import factories

ON = date(2026, 11, 19)  # a Thursday
AT = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # 14 h in Brasília
PER_DEBTOR = 5
CREDITORS, BRANCHES = 4, 5
TABLES = (
    "debtors_debtor", "debtors_phone", "debtors_address", "debtors_emailaddress",
    "debtors_debtorsummary", "debtors_debtorstanding", "contracts_contract",
    "contracts_negotiation", "contracts_installment", "contracts_event",
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    """What was made: the agency, its creditors, how many debtors and installments."""

    agency: Agency
    creditors: list[Creditor]
    debtors: int
    installments: int


@cache
def shared_office(installments: int) -> Office:
    """Return the office that the figures of one run share; made when it is asked for first."""
    return make_office(installments)


def make_office(installments: int, name: str = "Bancada do escritório") -> Office:
    """Make an office of so many installments, five a debtor, with summaries and statistics."""
    agency = factories.make_agency(name)
    debtors = installments // PER_DEBTOR
    with scope(agency=agency):
        creditors = [factories.make_creditor(agency, state="SP") for _ in range(CREDITORS)]
        branches = [factories.make_branch(one).pk for one in creditors for _ in range(BRANCHES)]
        kind = factories.make_contract_type(agency)
    values = {
        "agency": agency.pk,
        "debtors": debtors,
        "creditors": [one.pk for one in creditors],
        "branches": branches,
        "kind": kind.pk,
        "on": ON,
        "each": PER_DEBTOR,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        # Millions of rows that are right by construction: not each looked up in its parents.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (PEOPLE, CONTACTS, CONTRACTS, INSTALLMENTS):
            cursor.execute(statement, values)
        everybody = f"SELECT id AS debtor_id FROM debtors_debtor WHERE agency_id = {agency.pk}"
        refresh_totals(everybody)
        refresh_search(everybody)
        cursor.execute(WORKED, values)
    settle()
    return Office(agency, creditors, debtors, debtors * PER_DEBTOR)


def settle() -> None:
    """Leave the tables as after a quiet night: vacuumed, known to the planner, on the disk."""
    with connection.cursor() as cursor:
        # Made in three goes, each of which left a dead row behind.
        cursor.execute("VACUUM FULL debtors_debtorsummary")
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
        cursor.execute("CHECKPOINT")


def empty() -> None:
    """Throw every office away."""
    shared_office.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


# Names of two in a thousand people share a word; documents are unique.
PEOPLE = """
INSERT INTO debtors_debtor (agency_id, name, document, kind, social_name, details)
SELECT %(agency)s,
       (ARRAY['ANA','BRUNO','CARLA','DIEGO','ELISA','FÁBIO','GABRIELA','HUGO','IARA','JOÃO'])
           [1 + n %% 10] || ' ' ||
       (ARRAY['ALMEIDA','BARBOSA','CARDOSO','DUARTE','ESTEVES','FERREIRA','GOMES','LIMA','MELO'])
           [1 + n / 10 %% 9] || ' ' || to_hex(n * 7919) || ' DA SILVA',
       lpad(n::text, 11, '0'), 'natural', '',
       jsonb_build_object('score', (n * 7919 %% 1001)::text)
FROM generate_series(1, %(debtors)s) n
"""
CONTACTS = """
WITH told AS (
    SELECT id, agency_id, row_number() OVER (ORDER BY id) AS n
    FROM debtors_debtor WHERE agency_id = %(agency)s
), phones AS (
    INSERT INTO debtors_phone (agency_id, debtor_id, source, external_id, is_main, is_active, note,
                               number, kind, updated_at)
    SELECT agency_id, id, 'erp', '', k = 1, true, '',
           (ARRAY['11','21','31','41','47','48','51','61','65','71','81','92'])
               [1 + (n / 3 + k) %% 12] || '9' || lpad((n * 2 + k)::text, 8, '0'), 'mobile',
           %(on)s::date - 30
    FROM told CROSS JOIN generate_series(1, 2) k WHERE k = 1 OR n %% 2 = 0
), addresses AS (
    INSERT INTO debtors_address (agency_id, debtor_id, source, external_id, is_main, is_active,
        note, kind, street, street_number, complement, district, city, state, postal_code,
        fingerprint, updated_at)
    SELECT agency_id, id, 'erp', '', true, true, '', 'home', 'RUA DAS FLORES', n::text, '',
           'CENTRO', 'CIDADE', (ARRAY['SP','RJ','MG','PR','SC','SC','RS','DF','MT','BA','PE','AM'])
               [1 + (n / 3 + 1) %% 12], lpad((n %% 99999999)::text, 8, '0'), md5(n::text),
           %(on)s::date - 30
    FROM told
)
INSERT INTO debtors_emailaddress (agency_id, debtor_id, source, external_id, is_main, is_active,
                                  note, email)
SELECT agency_id, id, 'erp', '', true, true, '', 'pessoa' || n || '@exemplo.com.br' FROM told
"""
CONTRACTS = """
WITH told AS (
    SELECT id, document, row_number() OVER (ORDER BY id) AS n
    FROM debtors_debtor WHERE agency_id = %(agency)s
), titles AS (
    INSERT INTO contracts_contract (agency_id, creditor_id, branch_id, contract_type_id, debtor_id,
        number, kind, status, external_id, external_debtor, is_current, document_number, unit,
        attributes)
    SELECT %(agency)s, (%(creditors)s)[1 + n %% 4], (%(branches)s)[1 + n %% 4 * 5 + n / 4 %% 5],
           %(kind)s, id, (400000 + n)::text, 'sale', 'active', (400000 + n)::text, '', true,
           'VIND-' || n, 'AP ' || n %% 900, '{}'
    FROM told
    RETURNING id
)
INSERT INTO contracts_negotiation (agency_id, contract_id, number)
SELECT %(agency)s, id, 1 FROM titles
"""
INSTALLMENTS = """
INSERT INTO contracts_installment (agency_id, contract_id, negotiation, number, label, due_date,
    principal, balance, note, status, has_boleto, is_imported)
SELECT %(agency)s, c.id, 1, k, k || '/' || %(each)s,
       %(on)s::date - ((c.id * 37 + k * 211) %% 1460 - 365)::int, amount, amount, 'PM', 'open',
       k %% 2 = 0, true
FROM contracts_contract c CROSS JOIN generate_series(1, %(each)s) k
CROSS JOIN LATERAL (SELECT (50000 + (c.id * 7919 + k * 104729) %% 400000) / 100.0) AS told (amount)
WHERE c.agency_id = %(agency)s
"""
# What people did: half were contacted in the last two months, one in ten promised, one in fifty
# must not be contacted.
WORKED = """
UPDATE debtors_debtorsummary SET
    last_contact_at = CASE WHEN debtor_id %% 2 = 0
        THEN %(on)s::date - (debtor_id * 31 %% 60)::int * interval '1 day' END,
    next_promise_on = CASE WHEN debtor_id %% 10 = 3
        THEN %(on)s::date + (debtor_id / 10 %% 30)::int - 7 END,
    is_blocked = debtor_id %% 50 = 7
WHERE agency_id = %(agency)s
"""
