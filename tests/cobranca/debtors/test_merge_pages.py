"""Merging on screen, and the address of who is gone."""

import pytest

from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors import duplicates
from cobranca.debtors.contacts import PHONE
from cobranca.debtors.merging import merge_debtors
from cobranca.debtors.models import Debtor, DebtorMerge, Phone
from cobranca.debtors.services import add_contact
from tests import factories

MERGES = "/privacidade/unificacoes/"


@pytest.fixture
def pair(in_scope):
    people = [
        factories.make_debtor(in_scope, name="MARIA DA SILVA"),
        factories.make_debtor(in_scope, name="Maria da Silva", document=""),
    ]
    for person in people:
        Phone.objects.create(agency=in_scope, debtor=person, number="48999110001")
    refresh_summaries([person.pk for person in people])
    return people


def merge(pair, actor):
    return merge_debtors(kept_id=pair[0].pk, gone_id=pair[1].pk, actor=actor)


def test_namesakes_with_something_in_common_are_suggested(in_scope, pair):
    factories.make_debtor(in_scope, name="MARIA DA SILVA")  # another document, nothing in common

    found = duplicates.suggestions(in_scope.pk)

    best = found[0]
    assert {best.first, best.second} == set(pair)
    assert best.score == 85
    assert best.signs == ("mesmo nome", "telefone em comum", "um deles sem CPF/CNPJ")
    # The third has a document of its own: it may be who has none, never who has another.
    assert all(pair[1] in (each.first, each.second) for each in found)


def test_another_agencys_namesake_is_not_suggested(in_scope, pair, other_agency):
    factories.make_debtor(other_agency, name="MARIA DA SILVA", document="")

    assert len(duplicates.suggestions(in_scope.pk)) == 1


def test_from_suggestion_to_merge_and_back(client_for, pair, supervisor):
    client = client_for(supervisor)
    kept, gone = pair

    assert "Comparar" in client.get(f"{MERGES}sugestoes/").content.decode()
    compared = client.get(f"{MERGES}comparar/", {"um": kept.pk, "outro": gone.pk})
    assert compared.content.decode().count("Manter este cadastro") == 2
    done = client.post(f"{MERGES}unificar/", {"kept": kept.pk, "gone": gone.pk, "reason": ""})
    assert done["Location"] == f"/telecobranca/devedores/{kept.pk}/"
    merge_id = DebtorMerge.objects.get().pk
    assert "Desfazer" in client.get(MERGES).content.decode()
    client.post(f"{MERGES}{merge_id}/desfazer/")

    assert Debtor.objects.filter(merged_into=None).count() == 2


def test_the_other_one_is_looked_for(client_for, pair, supervisor):
    page = (
        client_for(supervisor)
        .get(f"{MERGES}comparar/", {"um": pair[0].pk, "q": "maria"})
        .content.decode()
    )

    assert f"outro={pair[1].pk}" in page


def test_who_may_not_merge_sees_no_button(client_for, pair, auditor, collector):
    compared = (
        client_for(auditor)
        .get(f"{MERGES}comparar/", {"um": pair[0].pk, "outro": pair[1].pk})
        .content.decode()
    )

    assert "Manter este cadastro" not in compared
    assert pair[0].document not in compared
    assert client_for(collector).get(MERGES).status_code == 403


def test_the_address_of_who_is_gone_leads_to_the_kept_one(client_for, pair, supervisor, collector):
    merge(pair, supervisor)
    kept, gone = pair
    client = client_for(collector)

    for rest in ("", "telefones/", "eventos/?tipo=cargas", "acordos/"):
        answer = client.get(f"/telecobranca/devedores/{gone.pk}/{rest}")
        assert answer.status_code == 302, rest
        assert answer["Location"] == f"/telecobranca/devedores/{kept.pk}/{rest}"
    posted = client.post(f"/telecobranca/devedores/{gone.pk}/eventos/novo/", {"text": "Olá"})
    assert posted.status_code == 307
    client.post(posted["Location"], {"text": "Olá"})
    assert Event.objects.get(text="Olá").debtor_id == kept.pk


def test_contact_data_of_who_is_gone_is_not_added_to(pair, supervisor, collector):
    merge(pair, supervisor)

    with pytest.raises(DomainError, match="foi unificado"):
        add_contact(
            debtor_id=pair[1].pk,
            kind=PHONE,
            values={"number": "48999110009", "kind": "mobile"},
            actor=collector,
        )
