"""Teams: who works there, who may not, and what becomes of their debtors."""

from datetime import timedelta

import pytest

from cobranca.accounts.models import Team, TeamKind
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError
from cobranca.telecobranca.models import ContractAssignment, Distribution
from cobranca.telecobranca.services.distributing import undo_distribution
from cobranca.telecobranca.services.teams import close_team, reopen_team, save_team, set_members
from tests import factories
from tests.cobranca.telecobranca.teaming import (
    NOW,
    TODAY,
    carry_out,
    hands,
    make_office,
    make_team,
    owing,
    plan_of,
    whole_rows,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def team(in_scope, agency):
    return make_team(agency, "Azul")


def close(team, actor, **told):
    return close_team(team=team, actor=actor, on=TODAY, at=LATER, **told)


# --- saving ---------------------------------------------------------------------------------------


def test_an_external_office_is_known_by_its_cnpj(in_scope, agency, supervisor):
    office = Team(agency=agency, name="Sul", kind=TeamKind.EXTERNAL, document="11.222.333/0001-81")

    save_team(team=office, actor=supervisor)

    office.refresh_from_db()
    assert office.document == "11222333000181"
    assert AuditEntry.objects.get(action="team.created").actor == supervisor


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "azul"}, "name"),
        ({"kind": TeamKind.EXTERNAL}, "document"),
        ({"document": "11144477735"}, "document"),
        ({"document": "11222333000180"}, "document"),
    ],
)
def test_a_team_that_makes_no_sense_is_refused(team, agency, supervisor, fields, field):
    with pytest.raises(DomainError) as refusal:
        save_team(team=Team(agency=agency, **{"name": "Nova", **fields}), actor=supervisor)

    assert refusal.value.field == field
    assert Team.objects.count() == 1


def test_a_collector_or_a_stranger_supervises_nobody(team, collector, stranger, supervisor):
    for person in (collector, stranger):
        team.supervisor = person
        with pytest.raises(DomainError, match="Escolha um supervisor"):
            save_team(team=team, actor=supervisor)


# --- people ---------------------------------------------------------------------------------------


def test_who_changes_teams_leaves_their_debtors_to_the_team(
    team, agency, creditor, supervisor, collector
):
    set_members(team=team, member_ids=[collector.pk], actor=supervisor)
    collector.refresh_from_db()
    debtor = owing(creditor, ["100"])
    carry_out(plan_of(collector, mode="one"), supervisor)
    other = make_team(agency, "Verde")

    set_members(team=other, member_ids=[collector.pk], actor=supervisor)

    collector.refresh_from_db()
    assert collector.team == other
    assert hands() == {debtor.contracts.get().pk: (team.pk, None)}


def test_strangers_do_not_become_members(team, supervisor, stranger):
    with pytest.raises(DomainError, match="não é da assessoria"):
        set_members(team=team, member_ids=[stranger.pk], actor=supervisor)

    stranger.refresh_from_db()
    assert stranger.team is None


def test_in_an_external_office_no_implementer_works(in_scope, agency, implementer, collector):
    office = make_office(agency)

    with pytest.raises(DomainError, match="trabalham cobradores e supervisores"):
        set_members(team=office, member_ids=[collector.pk, implementer.pk], actor=implementer)

    assert not office.members.exists()


# --- closing --------------------------------------------------------------------------------------


def test_a_team_with_contracts_is_not_closed_without_saying_where_they_go(
    team, creditor, supervisor
):
    owing(creditor, ["100", "50"])
    carry_out(plan_of(team, mode="one"), supervisor)

    with pytest.raises(DomainError, match="ainda trabalha 2 contratos"):
        close(team, supervisor)

    team.refresh_from_db()
    assert team.is_active


def test_closing_moves_everything_and_is_undone_after_reopening(team, agency, creditor, supervisor):
    owing(creditor, ["100", "50"])
    carry_out(plan_of(team, mode="one"), supervisor)
    before = whole_rows()
    heir = make_team(agency, "Verde")

    close(team, supervisor, destination=heir)

    assert {hand for hand, _ in hands().values()} == {heir.pk}
    assert not Team.objects.get(pk=team.pk).is_active
    made = Distribution.objects.get(mode="move")
    with pytest.raises(DomainError, match="inativa: ative-a antes"):
        undo_distribution(distribution_id=made.pk, actor=supervisor, at=LATER)
    reopen_team(team=team, actor=supervisor)
    undo_distribution(distribution_id=made.pk, actor=supervisor, at=LATER)
    assert whole_rows() == before


def test_closing_may_give_back_to_nobody(team, creditor, supervisor):
    owing(creditor, ["100"])
    carry_out(plan_of(team, mode="one"), supervisor)

    close(team, supervisor, to_nobody=True)

    assert not ContractAssignment.objects.exists()


def test_a_team_without_contracts_just_closes(team, supervisor):
    close(team, supervisor)

    assert not Team.objects.get(pk=team.pk).is_active
    assert not Distribution.objects.exists()


def test_a_closed_team_is_no_destination(team, agency, creditor, supervisor):
    owing(creditor, ["100"])
    carry_out(plan_of(team, mode="one"), supervisor)
    closed = make_team(agency, "Fechada", is_active=False)

    with pytest.raises(DomainError, match="está inativa"):
        close(team, supervisor, destination=closed)


# --- screens --------------------------------------------------------------------------------------

NEW = {"name": "Sul", "kind": "external", "document": "11.222.333/0001-81"}


def test_a_supervisor_makes_a_team_with_its_people(client_for, agency, supervisor, collector):
    answer = client_for(supervisor).post("/equipe/equipes/nova/", {**NEW, "members": collector.pk})

    assert answer.status_code == 302
    collector.refresh_from_db()
    assert (collector.team.name, collector.team.document) == ("Sul", "11222333000181")


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    client_for, in_scope, supervisor, implementer
):
    told = {**NEW, "members": implementer.pk}
    answer = client_for(supervisor).post("/equipe/equipes/nova/", told)

    page = answer.content.decode()
    assert "id_members_error" in page
    assert "trabalham cobradores e supervisores" in page
    assert not Team.objects.exists()


def test_the_list_costs_as_many_queries_for_many_teams(
    client_for, in_scope, agency, supervisor, django_assert_num_queries
):
    browser = client_for(supervisor)

    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            assert browser.get("/equipe/equipes/").status_code == 200
        return len(caught)

    make_team(agency)
    queries()
    few = queries()
    for _ in range(5):
        person = factories.make_user(agency, "Cobrador")
        person.team = make_team(agency)
        person.save()

    assert queries() == few


@pytest.mark.parametrize("role", ["collector", "auditor"])
def test_who_may_not_change_teams(client_for, team, request, role):
    browser = client_for(request.getfixturevalue(role))

    assert browser.post("/equipe/equipes/nova/", NEW).status_code == 403
    assert browser.post(f"/equipe/equipes/{team.pk}/situacao/", {"ativa": "0"}).status_code == 403


def test_closing_from_the_screen_asks_where_to(client_for, team, creditor, supervisor):
    owing(creditor, ["100"])
    carry_out(plan_of(team, mode="one"), supervisor)
    browser = client_for(supervisor)
    page = browser.get(f"/equipe/equipes/{team.pk}/").content.decode()
    assert "A equipe trabalha 1 contrato em cobrança" in page

    refused = browser.post(f"/equipe/equipes/{team.pk}/situacao/", {"ativa": "0"}, follow=True)
    done = browser.post(
        f"/equipe/equipes/{team.pk}/situacao/",
        {"ativa": "0", "destination": "ninguem"},
        follow=True,
    )

    assert "escolha para onde vão" in refused.content.decode()
    assert "desativada" in done.content.decode()
    assert not hands()
