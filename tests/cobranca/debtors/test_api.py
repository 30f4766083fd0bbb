from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.audit.models import AuditEntry
from cobranca.common.documents import format_document
from cobranca.contracts.models import Event
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import (
    DebtorReference,
    PersonRole,
    Phone,
    RelatedPerson,
    Source,
)
from tests import factories
from tests.api import assert_queries_stay, errors, ids, refusal, results

DEBTORS = "/api/v1/debtors/"
PHONES, ADDRESSES, EMAILS = "/api/v1/phones/", "/api/v1/addresses/", "/api/v1/emails/"
HOUSE = {"street": "Rua das Flores", "street_number": "100", "city": "Joinville", "state": "SC",
         "postal_code": "89200-000"}  # fmt: skip


@pytest.fixture
def api(api_for, collector):
    """Collectors keep contact data."""
    return api_for(collector)


@pytest.fixture
def owing(creditor, agency):
    """A debtor with a contract and two installments, summed up."""
    debtor = factories.make_debtor(agency, name="Maria José Conceição")
    contract = factories.make_contract(creditor, debtor, number="4711", unit="Bloco B 301")
    factories.make_installment(contract, 1, principal=Decimal("1095.58"))
    factories.make_installment(contract, 2, principal=Decimal("0.10"))
    with scope(agency=agency):
        refresh_summaries([debtor.pk])
    return debtor


@pytest.fixture
def erp_phone(debtor):
    phone = Phone(agency=debtor.agency, debtor=debtor, number="48999112233", source=Source.ERP)
    phone.save()
    return phone


# --- debtors --------------------------------------------------------------------------------------


def test_a_debtor_is_shown_with_what_is_owed(api, owing):
    shown = api.get(f"{DEBTORS}{owing.pk}/").json()

    assert shown["summary"] == {
        "open_total": "1095.68",
        "open_count": 2,
        "contract_count": 1,
        "oldest_due_date": "2026-03-10",
    }
    assert shown["name"] == "Maria José Conceição"


def test_a_debtor_never_summed_up_owes_nothing(api, debtor):
    assert api.get(f"{DEBTORS}{debtor.pk}/").json()["summary"]["open_total"] == "0.00"


def test_one_debtor_alone_is_shown_with_people_and_codes(api, debtor):
    whose = {"agency": debtor.agency, "debtor": debtor}
    DebtorReference._base_manager.create(**whose, system="SIENGE", external_id="77")
    RelatedPerson._base_manager.create(**whose, role=PersonRole.SPOUSE, name="João")

    shown = api.get(f"{DEBTORS}{debtor.pk}/").json()

    assert shown["references"] == [{"system": "SIENGE", "external_id": "77"}]
    assert [person["name"] for person in shown["related_people"]] == ["João"]


@pytest.mark.parametrize("typed", ["maria concei", "4711", "bloco 301", "CONCEICAO"])
def test_debtors_are_found_as_collectors_find_them(api, owing, debtor, typed):
    assert ids(api, DEBTORS, q=typed) == [owing.pk]


def test_debtors_are_found_by_document_and_contract(api, owing, debtor):
    written = format_document(owing.document)
    contract = owing.contracts(manager="_base_manager").get()

    assert ids(api, DEBTORS, document=written) == [owing.pk]
    assert ids(api, DEBTORS, contract=contract.pk) == [owing.pk]
    assert ids(api, DEBTORS, q=owing.document) == [owing.pk]
    assert ids(api, DEBTORS, document="...") == []
    assert ids(api, DEBTORS, q="-") == []


def test_debtors_of_another_agency_are_not_there(api, other_agency, api_for, stranger, owing):
    assert ids(api_for(stranger), DEBTORS) == []
    assert ids(api_for(stranger), DEBTORS, q="4711") == []
    refusal(api_for(stranger).get(f"{DEBTORS}{owing.pk}/"), 404)


# --- contact data ---------------------------------------------------------------------------------


def test_a_phone_is_added_and_goes_to_the_timeline(api, debtor):
    created = api.post(PHONES, {"debtor": debtor.pk, "number": "+55 (48) 99911-2233"})

    shown = created.json()
    assert created.status_code == 201
    assert (shown["number"], shown["is_main"], shown["source"]) == ("48999112233", True, "user")
    assert Event._base_manager.get(debtor=debtor).title == "Telefone incluído"
    assert AuditEntry._base_manager.filter(action="phone.added").exists()


def test_what_is_only_read_is_refused_when_it_differs_and_taken_as_it_was(api, debtor):
    phone = api.post(PHONES, {"debtor": debtor.pk, "number": "48999112233"}).json()
    place = f"{PHONES}{phone['id']}/"

    assert errors(api.patch(place, {"is_active": False})) == {
        "is_active": ["Este campo não se altera por aqui."]
    }
    assert api.put(place, phone).status_code == 200
    assert api.get(place).json()["is_active"]


@pytest.mark.parametrize(
    ("address", "sent", "field"),
    [
        (PHONES, {"number": "123"}, "number"),
        (PHONES, {}, "number"),
        (PHONES, {"number": "48999112233", "kind": "fax"}, "kind"),
        (EMAILS, {"email": "ninguém"}, "email"),
        (ADDRESSES, {"street": " "}, "street"),
        (ADDRESSES, HOUSE | {"postal_code": "1"}, "postal_code"),
        (ADDRESSES, HOUSE | {"state": "XX"}, "state"),
        (EMAILS, {"email": "a@b.com.br", "note": "x" * 81}, "note"),
        (EMAILS, {"email": "a@b.com.br", "source": "erp"}, "source"),
        (EMAILS, {"email": "a@b.com.br", "is_active": False}, "is_active"),
    ],
)
def test_what_is_wrong_with_contact_data_is_told_by_field(api, debtor, address, sent, field):
    assert list(errors(api.post(address, {"debtor": debtor.pk} | sent))) == [field]


def test_a_number_that_is_there_already_is_refused(api, debtor, erp_phone):
    sent = {"debtor": debtor.pk, "number": erp_phone.number}

    assert "já cadastrado" in errors(api.post(PHONES, sent))["number"][0]


def test_the_erps_number_is_replaced_and_not_overwritten(api, erp_phone):
    changed = api.patch(f"{PHONES}{erp_phone.pk}/", {"number": "(48) 98877-6655"}).json()

    assert changed["id"] != erp_phone.pk
    assert changed["number"] == "48988776655"
    assert api.get(f"{PHONES}{erp_phone.pk}/").json()["is_active"] is False


def test_a_change_in_part_leaves_the_rest(api, debtor):
    place = api.post(ADDRESSES, HOUSE | {"debtor": debtor.pk, "note": "Casa da mãe"})["Location"]

    changed = api.patch(place, {"complement": "apto 12"}).json()

    assert (changed["complement"], changed["note"], changed["postal_code"]) == (
        "apto 12", "Casa da mãe", "89200000",
    )  # fmt: skip


def test_contact_data_stays_with_its_debtor(api, agency, erp_phone):
    other = factories.make_debtor(agency)

    refused = api.patch(f"{PHONES}{erp_phone.pk}/", {"debtor": other.pk})

    assert list(errors(refused)) == ["debtor"]


def test_contact_data_is_inactivated_and_taken_back(api, erp_phone):
    place = f"{PHONES}{erp_phone.pk}/"

    assert api.post(f"{place}inactivate/").json()["is_active"] is False
    assert list(errors(api.patch(place, {"note": "Recado"}))) == ["number"]
    assert api.post(f"{place}reactivate/").json()["is_active"] is True
    refusal(api.delete(place), 405)


def test_contact_data_is_listed_by_debtor(api, debtor, erp_phone, agency):
    other = factories.make_debtor(agency)
    api.post(PHONES, {"debtor": other.pk, "number": "48988776655"})
    api.post(f"{PHONES}{erp_phone.pk}/inactivate/")

    assert ids(api, PHONES, debtor=debtor.pk) == [erp_phone.pk]
    assert ids(api, PHONES, debtor=debtor.pk, is_active="true") == []
    assert len(ids(api, PHONES)) == 2


def test_another_agencys_phone_is_not_there(api_for, stranger, erp_phone):
    api = api_for(stranger)

    refusal(api.patch(f"{PHONES}{erp_phone.pk}/", {"note": "Recado"}), 404)
    refusal(api.post(f"{PHONES}{erp_phone.pk}/inactivate/"), 404)
    assert list(errors(api.post(PHONES, {"debtor": erp_phone.debtor_id, "number": "4830278000"})))


def test_who_only_reads_keeps_no_contact_data(api_for, auditor, debtor, erp_phone):
    api = api_for(auditor)

    refusal(api.post(PHONES, {"debtor": debtor.pk, "number": "4830278000"}), 403)
    refusal(api.post(f"{PHONES}{erp_phone.pk}/inactivate/"), 403)
    assert ids(api, PHONES) == [erp_phone.pk]


# --- queries --------------------------------------------------------------------------------------


def test_lists_take_as_many_queries_for_many_rows_as_for_one(api, agency):
    assert_queries_stay(api, DEBTORS, lambda: factories.make_debtor(agency))
    assert_queries_stay(api, PHONES, lambda: _phone(agency))


def _phone(agency):
    debtor = factories.make_debtor(agency)
    Phone(agency=agency, debtor=debtor, number=f"4899{factories.next_number():07d}").save()


def test_results_hold_no_search_column(api, owing):
    assert "search" not in str(results(api, DEBTORS))
