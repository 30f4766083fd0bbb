import pytest

from cobranca.audit.models import AuditEntry
from cobranca.creditors import standard_parameters as standard
from cobranca.creditors.models import Branch, ContractTypeAttribute, Creditor
from tests import factories
from tests.api import assert_queries_stay, errors, ids, refusal, results

CREDITORS, BRANCHES = "/api/v1/creditors/", "/api/v1/branches/"
CONTRACT_TYPES, TYPES = "/api/v1/contract-types/", "/api/v1/creditor-types/"
PARAMETERS = "/api/v1/parameters/"
YES_NO = standard.REOPEN_RECALLED


@pytest.fixture
def api(api_for, implementer):
    return api_for(implementer)


@pytest.fixture
def reader(api_for, auditor):
    return api_for(auditor)


@pytest.fixture
def filled():
    """A creditor as a program sends it, with punctuation."""
    document = factories.cnpj(factories.next_number())
    spelled = f"{document[:2]}.{document[2:5]}.{document[5:8]}/{document[8:12]}-{document[12:]}"
    return {"document": spelled, "legal_name": "Loteadora Alpínia Ltda",
            "phone": "(48) 3027-8000", "postal_code": "88010-000", "state": "SC",
            "email": "Contato@Alpinia.com.br"}  # fmt: skip


# --- creditors ------------------------------------------------------------------------------------


def test_a_creditor_is_registered_in_its_stored_spelling(api, filled, agency):
    created = api.post(CREDITORS, filled)

    assert created.status_code == 201
    shown = created.json()
    assert created["Location"] == f"{CREDITORS}{shown['id']}/"
    assert shown["document"] == "".join(c for c in filled["document"] if c.isdigit())
    assert (shown["phone"], shown["postal_code"]) == ("4830278000", "88010000")
    assert shown["email"] == "contato@alpinia.com.br"
    assert api.get(created["Location"]).json() == shown
    assert AuditEntry._base_manager.filter(action="creditor.created", agency=agency).exists()


def test_a_creditor_of_a_type_gets_its_automatic_settings(api, sienge, filled):
    created = api.post(CREDITORS, filled | {"creditor_type": "SIENGE", "external_code": "7"})

    waiting = [
        line for line in results(api, PARAMETERS, creditor=created.json()["id"])
        if line["needs_validation"]
    ]  # fmt: skip
    assert len(waiting) == 10


def test_what_is_wrong_with_a_creditor_is_told_by_field(api, filled):
    assert list(errors(api.post(CREDITORS, filled | {"document": "123"}))) == ["document"]
    assert list(errors(api.post(CREDITORS, filled | {"state": "XX"}))) == ["state"]
    assert list(errors(api.post(CREDITORS, filled | {"creditor_type": "X"}))) == ["external_code"]
    assert set(errors(api.post(CREDITORS, {}))) == {"document", "legal_name"}
    assert not Creditor._base_manager.exists()


def test_a_type_that_is_not_on_is_refused_at_its_field(api, filled):
    sent = filled | {"creditor_type": "SIENGE", "external_code": "7"}

    assert list(errors(api.post(CREDITORS, sent))) == ["creditor_type"]


def test_two_creditors_of_one_type_never_share_a_code(api, sienge_creditor, filled):
    code = f"0{sienge_creditor.external_code}"
    sent = filled | {"creditor_type": "SIENGE", "external_code": code}

    assert "este código" in errors(api.post(CREDITORS, sent))["non_field_errors"][0]


def test_a_creditor_is_changed_in_part(api, creditor, sienge):
    changed = api.patch(f"{CREDITORS}{creditor.pk}/", {"trade_name": "Alpínia"})

    assert changed.json()["trade_name"] == "Alpínia"
    assert changed.json()["legal_name"] == creditor.legal_name
    assert changed.json()["updated_at"] >= changed.json()["created_at"]


def test_a_creditor_of_another_agency_is_not_there(api, other_agency):
    theirs = factories.make_creditor(other_agency)

    assert results(api, CREDITORS) == []
    refusal(api.get(f"{CREDITORS}{theirs.pk}/"), 404)
    refusal(api.patch(f"{CREDITORS}{theirs.pk}/", {"trade_name": "Minha"}), 404)


def test_creditors_are_found_by_their_filters(api, creditor, agency):
    off = factories.make_creditor(agency, is_active=False)

    assert ids(api, CREDITORS, is_active="false") == [off.pk]
    assert ids(api, CREDITORS, creditor_type="SIENGE", external_code="1") == [creditor.pk]
    assert ids(api, CREDITORS, document=off.document) == [off.pk]


def test_who_only_reads_cannot_change(reader, creditor):
    refusal(reader.patch(f"{CREDITORS}{creditor.pk}/", {"trade_name": "Minha"}), 403)
    assert ids(reader, CREDITORS) == [creditor.pk]


# --- branches -------------------------------------------------------------------------------------


def test_a_branch_is_registered_changed_and_deleted(api, creditor):
    sent = {"creditor": creditor.pk, "code": "12", "name": "Residencial Alpínia"}
    created = api.post(BRANCHES, sent).json()
    place = f"{BRANCHES}{created['id']}/"

    assert created["source"] == "user"
    assert api.put(place, sent | {"name": "Alpínia II"}).json()["name"] == "Alpínia II"
    assert api.delete(place).status_code == 204
    refusal(api.get(place), 404)
    assert AuditEntry._base_manager.filter(action="branch.deleted").exists()


def test_a_branch_with_contracts_stays(api, creditor, debtor):
    branch = factories.make_branch(creditor)
    factories.make_contract(creditor, debtor, branch=branch)

    refused = refusal(api.delete(f"{BRANCHES}{branch.pk}/"), 409)

    assert "inative" in refused["detail"]
    assert Branch._base_manager.filter(pk=branch.pk).exists()
    assert not AuditEntry._base_manager.filter(action="branch.deleted").exists()


def test_one_code_spelled_twice_is_one_branch(api, creditor):
    factories.make_branch(creditor, code="12")

    refused = api.post(BRANCHES, {"creditor": creditor.pk, "code": "0012", "name": "Outra"})

    assert "non_field_errors" in errors(refused)


def test_a_branch_of_another_agencys_creditor_is_refused_at_its_field(api, other_agency, creditor):
    theirs = factories.make_creditor(other_agency)
    ours = factories.make_branch(creditor)
    sent = {"creditor": theirs.pk, "code": "1", "name": "Outra"}

    assert list(errors(api.post(BRANCHES, sent))) == ["creditor"]
    assert list(errors(api.patch(f"{BRANCHES}{ours.pk}/", {"creditor": theirs.pk}))) == ["creditor"]


# --- contract types -------------------------------------------------------------------------------


def test_a_contract_type_shows_its_attributes(api, agency):
    kind = factories.make_contract_type(agency)
    ContractTypeAttribute._base_manager.create(
        agency=agency, contract_type=kind, key="area", label="Área", is_key=True
    )

    shown = api.get(f"{CONTRACT_TYPES}{kind.pk}/").json()

    assert shown["attributes"] == [
        {"key": "area", "label": "Área", "is_key": True, "position": 0}
    ]  # fmt: skip


def test_a_contract_type_is_registered_and_confirmed(api, agency):
    created = api.post(CONTRACT_TYPES, {"code": "fat", "name": "Fatura"}).json()
    place = f"{CONTRACT_TYPES}{created['id']}/"

    assert created["code"] == "FAT"
    assert api.patch(place, {"is_validated": True}).json()["is_validated"] is True
    assert "non_field_errors" in errors(api.post(CONTRACT_TYPES, {"code": "FAT", "name": "X"}))


# --- creditor types -------------------------------------------------------------------------------


def test_a_creditor_type_is_switched_on_once(api):
    def is_active():
        return {line["code"]: line["is_active"] for line in results(api, TYPES)}["SIENGE"]

    assert not is_active()

    for _ in range(2):
        switched = api.post(TYPES, {"code": "SIENGE"})
        assert (switched.status_code, switched.json()["is_active"]) == (201, True)

    assert is_active()
    assert AuditEntry._base_manager.filter(action="creditor_type.activated").count() == 1


def test_a_creditor_type_nobody_knows_is_refused(api):
    assert list(errors(api.post(TYPES, {"code": "OUTRO"}))) == ["code"]


# --- queries --------------------------------------------------------------------------------------


def test_lists_take_as_many_queries_for_many_rows_as_for_one(api, agency, creditor):
    assert_queries_stay(api, CREDITORS, lambda: factories.make_creditor(agency))
    assert_queries_stay(api, BRANCHES, lambda: factories.make_branch(creditor))
    codes = iter("ABCDEFGH")
    assert_queries_stay(
        api, CONTRACT_TYPES, lambda: factories.make_contract_type(agency, next(codes))
    )
