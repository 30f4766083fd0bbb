"""Privacy and merging over the API."""

import io
import zipfile

import pytest

from cobranca.contracts.models import Contract
from cobranca.debtors.models import (
    Debtor,
    DebtorMerge,
    DebtorReading,
    DistinctPair,
    EmailAddress,
    Phone,
)
from tests import factories
from tests.api import refusal, results

DEBTORS = "/api/v1/debtors/"


@pytest.fixture
def pair(in_scope, creditor):
    people = [factories.make_debtor(in_scope, name="Maria José") for _ in range(2)]
    Debtor.objects.filter(pk=people[1].pk).update(document="")
    for person in people:
        factories.make_contract(creditor, person)
    return people


def test_merging_and_undoing(api_for, pair, supervisor):
    kept, gone = pair
    api = api_for(supervisor)

    made = api.post(f"{DEBTORS}{kept.pk}/merge/", {"gone": gone.pk, "reason": "A mesma"})

    assert made.status_code == 201, made.json()
    assert Contract.objects.filter(debtor=kept).count() == 2
    assert api.get(f"{DEBTORS}{gone.pk}/").json()["merged_into"] == kept.pk
    assert [row["id"] for row in results(api, DEBTORS)] == [kept.pk]
    assert [row["gone"] for row in results(api, "/api/v1/merges/")] == [gone.pk]
    undone = api.post(f"/api/v1/merges/{made.json()['id']}/undo/")
    assert undone.status_code == 200
    assert Contract.objects.filter(debtor=kept).count() == 1
    again = api.post(f"/api/v1/merges/{made.json()['id']}/undo/")
    assert again.status_code in (400, 409)


def test_who_may_be_one_person(api_for, pair, supervisor):
    found = results(api_for(supervisor), "/api/v1/debtor-duplicates/")

    assert [(row["first"], row["second"]) for row in found] == [(pair[0].pk, pair[1].pk)]
    assert found[0]["score"] == 60
    assert "um deles sem CPF/CNPJ" in found[0]["signs"]


def test_collectors_and_auditors_merge_nobody(api_for, pair, collector, auditor):
    for user in (collector, auditor):
        asked = api_for(user).post(f"{DEBTORS}{pair[0].pk}/merge/", {"gone": pair[1].pk})
        assert asked.status_code == 403
    assert not DebtorMerge.objects.exists()


def test_an_export_is_a_file(api_for, pair, implementer, supervisor):
    asked = f"{DEBTORS}{pair[0].pk}/export/"

    answer = api_for(implementer).post(asked, {"reason": "E-mail"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {"dados.json", "dados.html", "dados.css"}
    assert api_for(supervisor).post(asked, {"reason": "E-mail"}).status_code == 403


def test_anonymising_is_refused_with_a_sentence(api_for, pair, implementer):
    asked = f"{DEBTORS}{pair[0].pk}/anonymise/"
    told = {"reason": "E-mail", "typed": "ANONIMIZAR"}

    refused = api_for(implementer).post(asked, told)
    assert refused.status_code in (400, 409)
    assert "contrato em aberto" in refused.content.decode()
    Contract.objects.filter(debtor=pair[0]).update(status="finished")

    assert api_for(implementer).post(asked, told).status_code == 200
    assert Debtor.objects.get(pk=pair[0].pk).document == ""


def test_the_token_of_an_auditor_sees_masks(api_for, in_scope, debtor, auditor, collector):
    Phone.objects.create(agency=in_scope, debtor=debtor, number="48999110001")
    EmailAddress.objects.create(agency=in_scope, debtor=debtor, email="maria@exemplo.com.br")
    routes = (DEBTORS, f"{DEBTORS}{debtor.pk}/", "/api/v1/phones/", "/api/v1/emails/")

    masked, whole = (
        "".join(api_for(user).get(route).content.decode() for route in routes)
        for user in (auditor, collector)
    )

    for each in (debtor.document, "48999110001", "maria@exemplo.com.br"):
        assert each not in masked
        assert each in whole
    assert "(48) *****-0001" in masked
    revealed = api_for(auditor).post(f"{DEBTORS}{debtor.pk}/reveal/", {"reason": "Auditoria 12"})
    assert revealed.json()["document"] == debtor.document
    assert api_for(auditor).get(DEBTORS).json()["results"][0]["document"] != debtor.document


def test_reading_by_the_api_is_a_reading(api_for, debtor, collector, auditor):
    api_for(collector).get(f"{DEBTORS}{debtor.pk}/")

    found = results(api_for(auditor), f"/api/v1/debtor-readings/?debtor={debtor.pk}")
    assert [(row["actor"], row["page"]) for row in found] == [(collector.pk, "API")]
    assert api_for(collector).get("/api/v1/debtor-readings/").status_code == 403
    assert DebtorReading._base_manager.count() == 1


def test_requests_are_listed(api_for, pair, implementer, auditor):
    api_for(implementer).post(f"{DEBTORS}{pair[0].pk}/export/", {"reason": "E-mail"})

    found = results(api_for(auditor), "/api/v1/privacy-requests/?kind=export")

    assert [(row["debtor"], row["reason"]) for row in found] == [(pair[0].pk, "E-mail")]


APART = "/api/v1/debtor-distinctions/"


def test_telling_two_apart_and_undoing(api_for, pair, supervisor, auditor):
    api = api_for(supervisor)
    told = {"first": pair[1].pk, "second": pair[0].pk}

    made = api.post(APART, told)

    assert made.status_code == 201, made.json()
    assert (made.json()["first"], made.json()["second"]) == (pair[0].pk, pair[1].pk)
    assert made.json()["said_by"] == supervisor.pk
    assert results(api, "/api/v1/debtor-duplicates/") == []
    assert api.post(APART, told).json()["id"] == made.json()["id"]
    one = f"{APART}{made.json()['id']}/"
    assert api_for(auditor).get(one).json()["undone_at"] is None
    undone = api.post(f"{one}undo/")
    assert undone.json()["undone_by"] == supervisor.pk
    assert len(results(api, "/api/v1/debtor-duplicates/")) == 1
    assert refusal(api.post(f"{one}undo/"), 409)["detail"] == "Isto já foi desfeito."
    assert results(api, f"{APART}?is_undone=false") == []


def test_collectors_and_auditors_tell_nobody_apart(api_for, pair, collector, auditor, stranger):
    told = {"first": pair[0].pk, "second": pair[1].pk}
    for user in (collector, auditor):
        assert api_for(user).post(APART, told).status_code == 403
    assert refusal(api_for(stranger).post(APART, told), 400)["errors"].keys() == {"first"}
    assert not DistinctPair.objects.exists()
