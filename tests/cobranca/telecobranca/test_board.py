"""The live board: who is at work now, what the day brought, what waits; and taking back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cobranca.audit.models import AuditEntry
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.dunning.models import Callback, ContactAttempt
from cobranca.telecobranca.board import board_of
from cobranca.telecobranca.board_lists import LISTS
from cobranca.telecobranca.models import QueueDraw, QueueEntry, WorkQueue
from cobranca.telecobranca.services.holds import take_back
from tests import factories
from tests.cobranca.telecobranca.teaming import make_office, make_team
from tests.cobranca.telecobranca.test_goals import contact, goal_of, promise

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue(in_scope, agency):
    return WorkQueue.objects.create(agency=agency, name="Todos", idle_minutes=20)


def entry(queue, debtor, **fields) -> QueueEntry:
    given = {"agency": queue.agency, "queue": queue, "debtor": debtor, "rank": 1, "place": "SP-SP"}
    return QueueEntry.objects.create(**{**given, "available_at": NOW - MINUTE, **fields})


def hold(queue, debtor, user, *, now=NOW, since=10 * MINUTE, active=MINUTE) -> QueueEntry:
    until = now - active + timedelta(minutes=queue.idle_minutes)
    return entry(
        queue, debtor, held_by=user, held_at=now - since, held_until=until, available_at=until
    )


def line_of(board, user):
    return next(line for team in board.teams for line in team.people if line.user == user)


# --- who is at work -------------------------------------------------------------------------------


def test_who_holds_whom_since_when_and_how_long_they_have_been_idle(
    queue, agency, debtor, collector
):
    idle = factories.make_user(agency, "Cobrador")
    hold(queue, debtor, collector)
    stuck = hold(queue, factories.make_debtor(agency), idle, active=7 * MINUTE)

    board = board_of(agency.pk, TODAY, NOW)

    busy = line_of(board, collector)
    assert (busy.hold.debtor, busy.hold.since) == (debtor, NOW - 10 * MINUTE)
    assert busy.idle is None
    assert line_of(board, idle).idle == 7 * MINUTE
    assert line_of(board, idle).hold.debtor == stuck.debtor
    assert board.at_work == 2


def test_a_hold_that_ran_out_is_no_work(queue, agency, debtor, collector):
    hold(queue, debtor, collector, active=20 * MINUTE)

    board = board_of(agency.pk, TODAY, NOW)

    assert line_of(board, collector).hold is None
    assert board.at_work == 0


def test_people_stand_in_their_teams_offices_after_them_and_the_rest_last(
    in_scope, agency, collector, supervisor
):
    collector.team = make_office(agency, "Alfa")
    collector.save()
    make_team(agency, "Zulu")
    alone = factories.make_user(agency, "Cobrador")
    make_team(agency, "Fechada", is_active=False)

    board = board_of(agency.pk, TODAY, NOW)

    names = [str(line.team) for line in board.teams]
    assert names == ["Zulu", "Alfa", "None"]
    assert [line.user for line in board.teams[1].people] == [collector]
    assert [line.user for line in board.teams[2].people] == [alone]
    assert board.teams[1].is_external


def test_the_day_and_the_month_against_the_goal(in_scope, agency, debtor, supervisor, collector):
    goal_of(agency, supervisor, collector, metric="recovered", amount="1000")
    contact(debtor, collector, NOW - MINUTE, effective=True)
    contact(debtor, collector, NOW - timedelta(days=1))
    promise(debtor, collector, TODAY)

    board = board_of(agency.pk, TODAY, NOW)

    line = line_of(board, collector)
    assert (line.today["contacts"], line.today["effective"], line.today["promises"]) == (1, 1, 1)
    assert board.today["contacts"] == 1
    assert line.last_contact_at == NOW - MINUTE
    assert (line.goal.goal.amount, line.goal.percent) == (1000, 0)
    assert line_of_team(board, collector).today["contacts"] == 1


def line_of_team(board, user):
    return next(team for team in board.teams if user in [line.user for line in team.people])


def test_what_waits_is_late_or_was_refused(queue, agency, debtor, collector):
    attempt = {"agency": agency, "debtor": debtor, "channel": "call", "actor": collector}
    ContactAttempt(**attempt, at=NOW - MINUTE, is_allowed=False, reason="Domingo").save()
    ContactAttempt(**attempt, at=NOW - MINUTE, is_allowed=True).save()
    ContactAttempt(**attempt, at=NOW - timedelta(days=1), is_allowed=False).save()
    for at, status in (
        (NOW - MINUTE, "waiting"),
        (NOW - MINUTE, "done"),
        (NOW + MINUTE, "waiting"),
    ):
        Callback.objects.create(agency=agency, debtor=debtor, at=at, status=status)
    promise(debtor, collector, TODAY)
    promise(debtor, collector, TODAY - timedelta(days=1))
    promise(debtor, collector, TODAY, status="kept")

    board = board_of(agency.pk, TODAY, NOW)

    assert (board.refused, board.callbacks_late) == (1, 1)
    assert (board.promises_due, board.promises_late) == (1, 1)


def test_queues_say_how_many_wait_are_held_and_come_back(queue, agency, debtor, collector):
    hold(queue, debtor, collector)
    for at in (NOW - MINUTE, NOW, NOW + MINUTE):
        entry(queue, factories.make_debtor(agency), available_at=at)
    WorkQueue.objects.create(agency=agency, name="Vazia", position=20)
    WorkQueue.objects.create(agency=agency, name="Desligada", is_active=False)

    first, second = board_of(agency.pk, TODAY, NOW).queues

    assert (first.waiting, first.held, first.later) == (2, 1, 1)
    assert (second.queue.name, second.waiting) == ("Vazia", 0)


def test_the_board_costs_as_many_queries_for_a_crowd(queue, agency, debtor, collector, supervisor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            board_of(agency.pk, TODAY, NOW)
        return len(caught)

    goal_of(agency, supervisor, make_team(agency), metric="recovered")
    hold(queue, debtor, collector)
    few = queries()
    for _ in range(4):
        person = factories.make_user(agency, "Cobrador")
        person.team = make_team(agency)
        person.save()
        goal_of(agency, supervisor, person, metric="recovered")
        hold(queue, factories.make_debtor(agency), person)
        contact(debtor, person, NOW - MINUTE)

    assert queries() == few <= 9


# --- taking back ----------------------------------------------------------------------------------


def test_a_supervisor_takes_a_debtor_back(queue, debtor, collector, supervisor):
    hold(queue, debtor, collector)

    holder = take_back(debtor=debtor, actor=supervisor, at=NOW)

    freed = QueueEntry.objects.get(debtor=debtor)
    assert holder == collector
    assert (freed.held_by, freed.available_at) == (None, NOW)
    assert QueueDraw.objects.get(debtor=debtor).ended_as == "taken"
    assert AuditEntry.objects.get(action="queue.hold_taken").actor == supervisor


def test_what_nobody_holds_any_more_is_not_taken(queue, debtor, collector, supervisor):
    hold(queue, debtor, collector, active=21 * MINUTE)

    with pytest.raises(DomainError, match="já não está com ninguém"):
        take_back(debtor=debtor, actor=supervisor, at=NOW)


# --- screens --------------------------------------------------------------------------------------


def test_the_screen_and_its_part_that_refreshes(client_for, queue, debtor, collector, supervisor):
    hold(queue, debtor, collector, now=clock.now())
    browser = client_for(supervisor)

    whole = browser.get("/equipe/quadro/").content.decode()
    part = browser.get("/equipe/quadro/", headers={"HX-Request": "true"}).content.decode()

    assert debtor.name in whole
    assert debtor.name in part
    assert "<html" in whole
    assert part.lstrip().startswith('<div id="quadro"')


@pytest.mark.parametrize("listing", LISTS)
def test_every_figure_opens_its_list(client_for, in_scope, collector, supervisor, listing):
    browser = client_for(supervisor)

    for narrowed in (
        "",
        f"?cobrador={collector.pk}",
        "?equipe=1",
        "?fila=1",
        "?cobrador=x&pagina=9",
    ):
        answer = browser.get(f"/equipe/quadro/lista/{listing}/{narrowed}")
        assert answer.status_code == 200
        assert LISTS[listing].empty in answer.content.decode()


def test_lists_hold_what_the_figures_counted(
    client_for, queue, agency, debtor, collector, supervisor
):
    now = clock.now()
    today = clock.today()
    other = factories.make_debtor(agency)
    hold(queue, debtor, collector, now=now)
    entry(queue, other, available_at=now - MINUTE)
    contact(debtor, collector, now, effective=True)
    contact(other, supervisor, now)
    promise(debtor, collector, today)
    promise(other, collector, today - timedelta(days=1))
    Callback.objects.create(agency=agency, debtor=debtor, at=now - MINUTE, assigned_to=collector)
    ContactAttempt(
        agency=agency, debtor=debtor, channel="sms", at=now, is_allowed=False, reason="Bloqueado"
    ).save()
    browser = client_for(supervisor)

    def names(listing: str, narrowed: str = "") -> set[str]:
        page = browser.get(f"/equipe/quadro/lista/{listing}/{narrowed}").content.decode()
        return {person.name for person in (debtor, other) if f">{person.name}</a>" in page}

    mine, both = {debtor.name}, {debtor.name, other.name}
    assert names("trabalhando") == mine
    assert names("fila", f"?fila={queue.pk}") == {other.name}
    assert names("fila", "?fila=0") == set()
    assert names("acionamentos") == both
    assert names("acionamentos", f"?cobrador={collector.pk}") == mine
    assert names("efetivos") == mine
    assert names("promessas") == mine
    assert names("vencem-hoje") == mine
    assert names("vencidas") == {other.name}
    assert names("retornos") == mine
    assert names("recusados") == mine


def test_the_figures_of_a_team_are_those_of_its_people(
    client_for, in_scope, agency, debtor, collector, supervisor
):
    team = make_team(agency)
    collector.team = team
    collector.save()
    contact(debtor, collector, clock.now())
    contact(factories.make_debtor(agency, name="Outra Pessoa"), supervisor, clock.now())

    page = client_for(supervisor).get(f"/equipe/quadro/lista/acionamentos/?equipe={team.pk}")

    assert debtor.name in page.content.decode()
    assert "Outra Pessoa" not in page.content.decode()


def test_taking_back_from_the_screen(client_for, queue, debtor, collector, supervisor, auditor):
    hold(queue, debtor, collector, now=clock.now())
    url = f"/equipe/quadro/retomar/{debtor.pk}/"

    assert client_for(collector).post(url).status_code == 403
    assert client_for(auditor).post(url).status_code == 403
    answer = client_for(supervisor).post(url, follow=True)

    assert "voltou à fila; estava com caio" in answer.content.decode()
    assert QueueEntry.objects.get(debtor=debtor).held_by is None
    again = client_for(supervisor).post(url, follow=True)
    assert "já não está com ninguém" in again.content.decode()


def test_who_sees_the_board(client_for, collector, auditor, implementer):
    assert client_for(collector).get("/equipe/quadro/").status_code == 403
    for user in (auditor, implementer):
        assert client_for(user).get("/equipe/quadro/").status_code == 200
    assert client_for(implementer).get("/equipe/quadro/lista/nada/").status_code == 404
