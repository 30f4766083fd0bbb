"""Reminders of debtors who change hands: they go along, and nobody is offered a closed page."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django_scopes import scope

from cobranca.accounts.models import Agency, Team, TeamKind, User
from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import Callback
from cobranca.dunning.services import reschedule_callback
from cobranca.telecobranca.models import QueueEntry, WorkQueue
from cobranca.telecobranca.services.distributing import undo_distribution
from cobranca.telecobranca.services.queue import next_debtor, refresh_queue
from cobranca.telecobranca.services.teams import save_team, set_members
from tests import factories
from tests.cobranca.telecobranca.teaming import (
    carry_out,
    make_office,
    make_team,
    owing,
    plan_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
AGENDA = "telecobranca:agenda"


@pytest.fixture
def debtor(agency: Agency, creditor: Any) -> Debtor:
    return owing(creditor, ["300.00"])


@pytest.fixture
def office(agency: Agency) -> Team:
    return make_office(agency)


@pytest.fixture
def outsider(agency: Agency, office: Team) -> User:
    return person_of(agency, office)


def person_of(agency: Agency, team: Team, role: str = COLLECTOR) -> User:
    user = factories.make_user(agency, role)
    user.team = team
    user.save()
    return user


def give(debtor: Debtor, to: Team | User, supervisor: User) -> Any:
    return carry_out(plan_of(to, mode="one", only_undistributed=False), supervisor, at=clock.now())


def remind(debtor: Debtor, user: User | None) -> Callback:
    """Put somebody's reminder in the agenda, and the debtor in the queue for them."""
    WorkQueue.objects.get_or_create(agency=debtor.agency, name="Todos")
    refresh_queue(debtor.agency_id, clock.today(), clock.now())
    QueueEntry.objects.filter(debtor=debtor).update(
        reserved_for=user, place="SP-SP", available_at=clock.now() - timedelta(minutes=5)
    )
    return Callback.objects.create(
        agency=debtor.agency, debtor=debtor, at=clock.now() + timedelta(hours=1),
        assigned_to=user, actor=user,
    )  # fmt: skip


def holder(callback: Callback) -> User | None:
    callback.refresh_from_db()
    return callback.assigned_to


def reserved_for(debtor: Debtor) -> User | None:
    return QueueEntry.objects.select_related("reserved_for").get(debtor=debtor).reserved_for


def offered(client: Any) -> list[int]:
    """Return the debtors that somebody's agenda links to, every page of which opens."""
    page = client.get(reverse(AGENDA)).context["callbacks"]
    found = [row.debtor_id for _, rows in page.groups for row in rows]
    for debtor_id in found:
        assert client.get(reverse("telecobranca:debtor", args=[debtor_id])).status_code == 200
    return found


def test_a_reminder_follows_its_debtor_to_the_new_collector(
    agency: Agency, debtor: Debtor, outsider: User, supervisor: User, client_for: Any
) -> None:
    give(debtor, outsider, supervisor)
    callback = remind(debtor, outsider)
    heir = person_of(agency, make_team(agency))
    assert offered(client_for(outsider)) == [debtor.pk]

    give(debtor, heir, supervisor)

    assert (holder(callback), reserved_for(debtor)) == (heir, heir)
    assert offered(client_for(outsider)) == []
    assert offered(client_for(heir)) == [debtor.pk]


def test_given_to_a_team_the_reminder_is_all_its_peoples(
    agency: Agency, debtor: Debtor, outsider: User, supervisor: User, client_for: Any
) -> None:
    give(debtor, outsider, supervisor)
    callback = remind(debtor, outsider)
    team = make_team(agency)
    first, second = person_of(agency, team), person_of(agency, team)
    stranger = person_of(agency, make_team(agency))

    give(debtor, team, supervisor)

    assert (holder(callback), reserved_for(debtor)) == (None, None)
    assert offered(client_for(first)) == offered(client_for(second)) == [debtor.pk]
    assert offered(client_for(stranger)) == offered(client_for(outsider)) == []


def test_between_teams_of_the_house_it_goes_along_too(
    agency: Agency, debtor: Debtor, supervisor: User
) -> None:
    before, after = (person_of(agency, make_team(agency)) for _ in range(2))
    give(debtor, before, supervisor)
    callback = remind(debtor, before)
    own = remind(debtor, supervisor)

    give(debtor, after, supervisor)

    assert holder(callback) == after
    assert holder(own) == supervisor, "who has no team keeps what is theirs"


def test_the_reminder_stays_where_the_team_stays(
    agency: Agency, debtor: Debtor, outsider: User, office: Team, supervisor: User
) -> None:
    give(debtor, office, supervisor)
    callback = remind(debtor, outsider)
    give(debtor, person_of(agency, office), supervisor)

    assert (holder(callback), reserved_for(debtor)) == (outsider, outsider)


def test_undoing_takes_the_reminder_back_to_who_works_the_debtor(
    agency: Agency, debtor: Debtor, outsider: User, supervisor: User
) -> None:
    give(debtor, outsider, supervisor)
    callback = remind(debtor, outsider)
    made = give(debtor, person_of(agency, make_team(agency)), supervisor)

    undo_distribution(distribution_id=made.pk, actor=supervisor, at=clock.now())

    assert (holder(callback), reserved_for(debtor)) == (outsider, outsider)


def test_the_queue_gives_a_moved_debtor_to_the_new_team_at_once(
    agency: Agency, debtor: Debtor, outsider: User, supervisor: User, monkeypatch: Any
) -> None:
    """Before any ranking: the old office would be led to a 404."""
    from cobranca.telecobranca.queue_places import Places
    from cobranca.telecobranca.services import drawing

    monkeypatch.setattr(drawing, "places_at", lambda at: Places(["-"], False))
    give(debtor, outsider, supervisor)
    remind(debtor, None)
    heir = person_of(agency, make_team(agency))

    give(debtor, heir, supervisor)

    assert next_debtor(outsider, clock.now()) is None
    drawn = next_debtor(heir, clock.now())
    assert drawn is not None
    assert drawn.debtor_id == debtor.pk


def test_who_leaves_the_house_for_an_office_leaves_their_reminders(
    agency: Agency, debtor: Debtor, office: Team, collector: User, supervisor: User
) -> None:
    callback = remind(debtor, collector)

    set_members(team=office, member_ids=[collector.pk], actor=supervisor)

    assert (holder(callback), reserved_for(debtor)) == (None, None)


def test_a_team_that_becomes_an_office_keeps_the_reminders_of_its_own_debtors(
    agency: Agency, creditor: Any, debtor: Debtor, supervisor: User
) -> None:
    team = make_team(agency, document=factories.cnpj(factories.next_number()))
    user = person_of(agency, team)
    other = owing(creditor, ["100.00"])
    give(debtor, user, supervisor)
    from cobranca.telecobranca.models import ContractAssignment

    ContractAssignment.objects.filter(contract__debtor=other).delete()
    kept, lost = remind(debtor, user), remind(other, user)

    team.kind = TeamKind.EXTERNAL
    save_team(team=team, actor=supervisor)

    assert (holder(kept), holder(lost)) == (user, None)


def test_a_callback_is_not_promised_to_who_cannot_open_the_debtor(
    agency: Agency, debtor: Debtor, collector: User, outsider: User, supervisor: User
) -> None:
    callback = remind(debtor, collector)
    later = {"to": clock.now() + timedelta(days=1), "actor": supervisor, "at": clock.now()}

    with pytest.raises(DomainError, match="não trabalha este devedor"):
        reschedule_callback(callback_id=callback.pk, assigned_to=outsider, **later)

    assert holder(callback) == collector


def test_nobodys_callback_becomes_whose_hand_reschedules_it(
    debtor: Debtor, supervisor: User
) -> None:
    callback = remind(debtor, None)

    reschedule_callback(
        callback_id=callback.pk, to=clock.now() + timedelta(days=1), actor=supervisor,
        at=clock.now(),
    )  # fmt: skip

    assert holder(callback) == supervisor


@pytest.mark.parametrize(("role", "is_let"), [(SUPERVISOR, 1), (IMPLEMENTER, 0), (AUDITOR, 0)])
def test_an_office_has_collectors_and_supervisors_alone(
    agency: Agency, office: Team, supervisor: User, role: str, is_let: int
) -> None:
    user = factories.make_user(agency, role)
    with scope(agency=agency):
        if is_let:
            set_members(team=office, member_ids=[user.pk], actor=supervisor)
        else:
            with pytest.raises(DomainError, match="cobradores e supervisores"):
                set_members(team=office, member_ids=[user.pk], actor=supervisor)
    assert office.members.count() == is_let
