"""Merging on screen, and the address of who is gone."""

import pytest
from django.db import IntegrityError, connection

from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.contracts.models import Event
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors import duplicates
from cobranca.debtors.contacts import PHONE
from cobranca.debtors.distinguishing import take_back, tell_apart
from cobranca.debtors.merging import merge_debtors
from cobranca.debtors.models import Debtor, DebtorMerge, DistinctPair, Phone
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


# --- they are two people --------------------------------------------------------------------------

APART = f"{MERGES}diferentes/"


def suggested(agency) -> int:
    return len(duplicates.suggestions(agency.pk))


def test_who_were_told_apart_are_not_suggested_until_it_is_undone(in_scope, pair, supervisor):
    told = tell_apart(one_id=pair[1].pk, other_id=pair[0].pk, actor=supervisor)

    assert (told.first, told.second, told.said_by) == (*pair, supervisor)
    assert suggested(in_scope) == 0
    assert duplicates.suggestions(in_scope.pk, only=pair[1]) == []

    take_back(pair_id=told.pk, actor=supervisor)

    assert suggested(in_scope) == 1
    told.refresh_from_db()
    assert told.undone_by == supervisor
    assert told.undone_at is not None
    actions = AuditEntry.objects.filter(object_id=str(told.pk)).values_list("action", flat=True)
    assert set(actions) == {"debtors.told_apart", "debtors.told_apart_undone"}
    with pytest.raises(DomainError, match="já foi desfeito"):
        take_back(pair_id=told.pk, actor=supervisor)


def test_said_twice_it_is_noted_once_and_after_undoing_again(in_scope, pair, supervisor):
    keys = {"one_id": pair[0].pk, "other_id": pair[1].pk, "actor": supervisor}
    first = tell_apart(**keys)
    assert tell_apart(**keys) == first

    take_back(pair_id=first.pk, actor=supervisor)

    assert tell_apart(**keys) != first
    assert suggested(in_scope) == 0


def test_who_cannot_be_told_apart(in_scope, pair, supervisor, other_agency):
    kept, gone = pair
    stranger = factories.make_debtor(other_agency)
    for other, said in ((kept, "dois cadastros diferentes"), (stranger, "não encontrado")):
        with pytest.raises(DomainError, match=said):
            tell_apart(one_id=kept.pk, other_id=other.pk, actor=supervisor)
    merge(pair, supervisor)
    with pytest.raises(DomainError, match="já foi unificado"):
        tell_apart(one_id=kept.pk, other_id=gone.pk, actor=supervisor)
    assert not DistinctPair.objects.exists()


def test_the_database_refuses_a_pair_of_two_agencies(in_scope, pair, other_agency):
    stranger = factories.make_debtor(other_agency)
    DistinctPair.objects.create(agency=in_scope, first=pair[0], second=stranger)

    with pytest.raises(IntegrityError, match="distinctpair_second_agency_fk"):
        connection.check_constraints()


def test_telling_apart_on_screen_and_back(client_for, in_scope, pair, supervisor):
    client = client_for(supervisor)
    told = {"first": pair[0].pk, "second": pair[1].pk}
    compare = {"um": pair[0].pk, "outro": pair[1].pk}
    for page in (client.get(f"{MERGES}sugestoes/"), client.get(f"{MERGES}comparar/", compare)):
        assert "Não são a mesma pessoa" in page.content.decode()

    page = client.post(APART, told, follow=True).content.decode()

    assert "não será mais sugerido" in page
    assert "Nenhum par parecido" in client.get(f"{MERGES}sugestoes/").content.decode()
    compared = client.get(f"{MERGES}comparar/", compare).content.decode()
    assert f"{supervisor} anotou" in compared
    pair_id = DistinctPair.objects.get().pk
    assert f"{APART}{pair_id}/desfazer/" in page
    client.post(f"{APART}{pair_id}/desfazer/")

    assert "Comparar" in client.get(f"{MERGES}sugestoes/").content.decode()
    assert client.post(f"{APART}{pair_id}/desfazer/", follow=True).status_code == 200
    assert client.post(f"{APART}0/desfazer/").status_code == 404


def test_who_may_not_merge_tells_nobody_apart(client_for, in_scope, pair, auditor, collector):
    told = {"first": pair[0].pk, "second": pair[1].pk}
    for user in (auditor, collector):
        assert client_for(user).post(APART, told).status_code == 403
    page = client_for(auditor).get(f"{MERGES}sugestoes/").content.decode()
    assert "Não são a mesma pessoa" not in page
    assert not DistinctPair.objects.exists()
