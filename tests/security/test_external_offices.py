"""External offices: at any address of a screen, a debtor who is not theirs does not exist."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from cobranca.accounts.access import HOUSE_ONLY
from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR, IMPLEMENTER, SUPERVISOR
from cobranca.common import clock
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import Callback, ContactAttempt, ContactRecord, Promise
from cobranca.reports.facts import FACTS, PERSONAL
from cobranca.telecobranca.board_lists import LISTS
from cobranca.telecobranca.models import ContractAssignment, QueueEntry, WorkQueue
from tests import factories
from tests.api import refusal
from tests.cobranca.agreements.making import agree, make_plain_campaign
from tests.cobranca.telecobranca.teaming import make_office, make_team, owing
from tests.cobranca.telecobranca.test_goals import contact, goal_of, promise
from tests.security.planting import Garden
from tests.security.walking import rooms, urls_for

pytestmark = pytest.mark.django_db
# Arguments that name a debtor, or what is a debtor's.
OF_DEBTORS = {
    "debtor_id", "contract_id", "installment_id", "agreement_id", "callback_id", "promise_id",
    "contact_id", "block_id",
}  # fmt: skip
SCREENS = [
    address
    for room, addresses in rooms().items()
    if not room.startswith(("admin", "api"))
    for address in addresses
    if OF_DEBTORS & set(address.arguments)
]
"""Every page about one debtor, of whatever room."""


@pytest.fixture
def outsider(agency: Agency) -> User:
    """Somebody of an external office whom no permission keeps from anything."""
    user = _working_outside(agency, IMPLEMENTER)
    user.user_permissions.add(Permission.objects.get(codename="reveal_personal"))
    return user


def _working_outside(agency: Agency, role: str) -> User:
    user = factories.make_user(agency, role)
    with scope(agency=agency):
        user.team = make_office(agency, f"Escritório de {user}")
    user.save()
    return user


def give(debtor: Debtor, user: User) -> None:
    """Distribute a debtor to somebody's team."""
    for contract in debtor.contracts.all():
        ContractAssignment.objects.update_or_create(
            contract=contract,
            defaults={"agency": debtor.agency, "team": user.team, "assigned_at": clock.now()},
        )


@pytest.fixture
def garden(agency: Agency, implementer: User) -> Garden:
    """One row of everything, and nobody works them outside the house."""
    planted = Garden(agency, implementer)
    with scopes_disabled():
        planted.plant_everything()
        ContractAssignment.objects.all().delete()
    return planted


def test_the_walk_meets_every_kind_of_page():
    assert {"telecobranca", "dunning", "debtors"} <= {
        each.name.partition(":")[0] for each in SCREENS
    }
    assert {argument for each in SCREENS for argument in each.arguments} >= OF_DEBTORS


def test_no_page_of_another_debtor_opens(garden: Garden, outsider: User, client_for: Any) -> None:
    """404, or 403 where no debtor at all opens to them."""
    client = client_for(outsider)
    answered = {}
    for address in SCREENS:
        with scopes_disabled():
            urls = urls_for(address, garden)
        for url in urls:
            answered[url] = {client.get(url).status_code, client.post(url).status_code}

    wrong = {url: codes for url, codes in answered.items() if not codes & {403, 404}}
    assert wrong == {}
    assert set().union(*answered.values()) <= {403, 404, 405}
    assert sum(404 in codes for codes in answered.values()) > len(answered) * 0.8


# --- lists ----------------------------------------------------------------------------------------


@pytest.fixture
def collector_outside(agency: Agency) -> User:
    return _working_outside(agency, COLLECTOR)


@pytest.fixture
def portfolio(agency: Agency, creditor: Any, collector_outside: User) -> tuple[Debtor, Debtor]:
    """Return a debtor of the office and one of the house."""
    with scope(agency=agency):
        theirs, ours = owing(creditor, ["300.00"]), owing(creditor, ["500.00"])
        Debtor.objects.filter(pk=theirs.pk).update(name="Silvia Deles")
        Debtor.objects.filter(pk=ours.pk).update(name="Silvia Nossa")
        refresh_summaries([theirs.pk, ours.pk])
        give(theirs, collector_outside)
    return theirs, ours


def test_what_is_theirs_opens(
    portfolio: tuple[Debtor, Debtor], client_for: Any, collector_outside: User, collector: User
) -> None:
    """Every page of a debtor and of a contract answers the office as it does the house."""
    theirs, ours = portfolio
    outside, inside = client_for(collector_outside), client_for(collector)
    codes = {}
    for address in SCREENS:
        if address.arguments not in {("debtor_id",), ("contract_id",)}:
            continue
        for debtor in portfolio:
            key = debtor.pk
            if address.arguments == ("contract_id",):
                with scopes_disabled():
                    key = debtor.contracts.get().pk
            url = reverse(address.name, args=[key])
            codes[address.name, debtor] = (
                outside.get(url).status_code,
                inside.get(url).status_code,
            )

    assert [key for key, both in codes.items() if key[1] == theirs and both[0] != both[1]] == []
    assert sum(both == (200, 200) for both in codes.values()) > 15
    assert sum(both == (404, 200) for both in codes.values()) > 15
    assert not [key for key, both in codes.items() if key[1] == ours and both[0] == 200]


def shown(response: HttpResponse) -> set[str]:
    """Return which of the two are named."""
    assert response.status_code == 200
    text = response.content.decode()
    return {name for name in ("Deles", "Nossa") if f"Silvia {name}" in text}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("telecobranca:search", {"q": "silvia"}),
        ("telecobranca:search", {}),
        ("telecobranca:quick_search", {"q": "silvia"}),
        ("dunning:may_contact", {"q": "silvia"}),
    ],
)
def test_lists_name_only_theirs(
    portfolio: Any, client_for: Any, collector_outside: User, collector: User, name: str, query: Any
) -> None:
    page = reverse(name)

    assert shown(client_for(collector_outside).get(page, query)) <= {"Deles"}
    assert "Nossa" not in shown(client_for(collector_outside).get(page, query))
    if name != "dunning:may_contact":
        assert shown(client_for(collector_outside).get(page, query)) == {"Deles"}
        assert shown(client_for(collector).get(page, query)) == {"Deles", "Nossa"}


def test_the_portfolio_is_added_up_over_theirs(
    portfolio: Any, client_for: Any, collector_outside: User, collector: User
) -> None:
    def total(user: User) -> Decimal:
        return client_for(user).get(reverse("telecobranca:portfolio")).context["portfolio"].total

    assert (total(collector_outside), total(collector)) == (Decimal(300), Decimal(800))


def test_agreements_listed_are_theirs(
    portfolio: Any, agency: Agency, client_for: Any, collector_outside: User, collector: User
) -> None:
    with scope(agency=agency):
        make_plain_campaign(portfolio[0].contracts.get().creditor)
        for debtor in portfolio:
            agree(debtor.contracts.get(), collector)
    page = reverse("telecobranca:agreements")

    assert shown(client_for(collector_outside).get(page)) == {"Deles"}
    assert shown(client_for(collector).get(page)) == {"Deles", "Nossa"}


def test_the_bar_says_nothing_of_another(
    portfolio: Any, client_for: Any, collector_outside: User
) -> None:
    theirs, ours = portfolio
    client, bar = client_for(collector_outside), reverse("telecobranca:bar")

    assert client.get(bar, {"devedor": theirs.pk}).status_code == 200
    assert client.get(bar, {"devedor": ours.pk}).status_code == 404


def test_the_agenda_shows_theirs_alone(
    portfolio: Any, agency: Agency, client_for: Any, collector_outside: User
) -> None:
    """What somebody of the office had agreed with a debtor who was taken from it since."""
    on, at = clock.today(), clock.now()
    with scope(agency=agency):
        planted = Garden(agency, collector_outside)
        record = planted.row(ContactRecord)
        for debtor in portfolio:
            common = {"agency": agency, "debtor": debtor, "record": record}
            Callback.objects.create(
                **common, at=at, assigned_to=collector_outside, actor=collector_outside
            )
            Promise.objects.create(
                **common, made_on=on, promised_on=on, amount=1, actor=collector_outside
            )

    page = client_for(collector_outside).get(reverse("telecobranca:agenda"))

    assert shown(page) == {"Deles"}
    assert (page.context["callbacks"].count, page.context["promises"].count) == (1, 1)


# --- supervisors ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Office:
    """An external office with its supervisor and collector, and the house's collector."""

    supervisor: User
    theirs: User
    ours: User


@pytest.fixture
def office(agency: Agency, collector_outside: User, collector: User) -> Office:
    head = factories.make_user(agency, SUPERVISOR)
    head.team = collector_outside.team
    head.save()
    with scope(agency=agency):
        collector.team = make_team(agency, "Equipe da casa")
    collector.save()
    return Office(head, collector_outside, collector)


@pytest.fixture
def worked(agency: Agency, portfolio: tuple[Debtor, Debtor], office: Office) -> Office:
    """Each collector did the same with their own debtor, and each has a goal."""
    now, on = clock.now(), clock.today()
    with scope(agency=agency):
        queue = WorkQueue.objects.create(agency=agency, name="Todos", idle_minutes=20)
        for debtor, user in zip(portfolio, (office.theirs, office.ours), strict=True):
            contact(debtor, user, now)
            promise(debtor, user, on)
            goal_of(agency, user, user, month=on)
            goal_of(agency, user, user.team, month=on)
            of = {"agency": agency, "debtor": debtor}
            ContactAttempt(**of, channel="call", actor=user, at=now, is_allowed=False).save()
            late = now - timedelta(minutes=1)
            Callback.objects.create(**of, at=late, assigned_to=user, actor=user)
            QueueEntry.objects.create(**of, queue=queue, rank=1, place="SP-SP", available_at=late)
    return office


def test_a_supervisor_outside_sees_the_board_of_their_teams(
    worked: Office, client_for: Any, supervisor: User
) -> None:
    page = reverse("telecobranca:board")
    theirs = client_for(worked.supervisor).get(page)
    whole = client_for(supervisor).get(page)

    def figures(board: Any) -> tuple[int, ...]:
        waits = sum(line.waiting for line in board.queues)
        late = (board.refused, board.callbacks_late, board.promises_due)
        return (int(board.today["contacts"]), int(board.today["promises"]), waits, *late)

    assert figures(theirs.context["board"]) == (1, 1, 1, 1, 1, 1)
    assert figures(whole.context["board"]) == (2, 2, 2, 2, 2, 2)
    assert [line.team for line in theirs.context["board"].teams] == [worked.theirs.team]
    assert "Equipe da casa" in whole.content.decode()
    text = theirs.content.decode()
    assert "Equipe da casa" not in text
    assert str(worked.ours) not in text


@pytest.mark.parametrize("figure", [*LISTS])
def test_lists_of_the_board_show_their_teams_work_alone(
    worked: Office, client_for: Any, supervisor: User, figure: str
) -> None:
    page = reverse("telecobranca:board_list", args=[figure])
    client = client_for(worked.supervisor)

    assert shown(client.get(page)) <= {"Deles"}
    for asked in ({"cobrador": worked.ours.pk}, {"equipe": worked.ours.team_id}):
        assert "Nossa" not in shown(client.get(page, asked))
    if figure in ("acionamentos", "promessas", "recusados", "retornos", "vencem-hoje", "fila"):
        assert shown(client.get(page)) == {"Deles"}
        assert shown(client_for(supervisor).get(page)) == {"Deles", "Nossa"}


def test_work_with_a_debtor_who_was_taken_away_is_not_shown(
    worked: Office, portfolio: tuple[Debtor, Debtor], agency: Agency, client_for: Any
) -> None:
    with scope(agency=agency):
        ContractAssignment.objects.all().delete()
        owner = portfolio[0].contracts.get().creditor
        give(owing(owner, ["1.00"]), worked.theirs)

    for figure in LISTS:
        page = reverse("telecobranca:board_list", args=[figure])
        assert shown(client_for(worked.supervisor).get(page)) == set()
    mine = client_for(worked.theirs).get(reverse("reports:list", args=["acionamentos"]))
    assert shown(mine) == set()


def test_a_supervisor_sees_every_team_of_the_office_that_they_lead(
    worked: Office, portfolio: tuple[Debtor, Debtor], agency: Agency, client_for: Any
) -> None:
    with scope(agency=agency):
        second = make_office(agency, "Filial do escritório")
        second.supervisor = worked.supervisor
        second.save()
        other = factories.make_user(agency, COLLECTOR)
        other.team = second
        other.save()
        give(portfolio[1], other)
    client = client_for(worked.supervisor)

    board = client.get(reverse("telecobranca:board")).context["board"]

    assert {str(line.team) for line in board.teams} == {str(worked.theirs.team), str(second)}
    assert client.get(reverse("telecobranca:debtor", args=[portfolio[1].pk])).status_code == 200
    assert shown(client.get(reverse("telecobranca:search"))) == {"Deles", "Nossa"}
    assert shown(client_for(worked.theirs).get(reverse("telecobranca:search"))) == {"Deles"}


def test_goals_are_their_teams(worked: Office, client_for: Any, supervisor: User) -> None:
    page = reverse("telecobranca:goals")

    theirs = client_for(worked.supervisor).get(page).context["lines"]

    assert {line.whose for line in theirs} == {str(worked.theirs), str(worked.theirs.team)}
    assert len(client_for(supervisor).get(page).context["lines"]) == 4


def test_refused_contacts_and_who_asked_are_theirs(
    worked: Office, client_for: Any, supervisor: User
) -> None:
    page, client = reverse("dunning:refusals"), client_for(worked.supervisor)

    assert shown(client.get(page)) == {"Deles"}
    assert str(worked.ours) not in client.get(page).content.decode()
    file = client.get(page, {"formato": "csv"})
    assert b"Silvia Deles" in b"".join(file) if file.streaming else b"Silvia Deles" in file.content


def test_reminders_are_passed_on_within_the_office(
    worked: Office, agency: Agency, client_for: Any
) -> None:
    with scope(agency=agency):
        callback = Callback.objects.get(assigned_to=worked.theirs)
    page = reverse("telecobranca:callback_reschedule", args=[callback.pk])

    text = client_for(worked.supervisor).get(page).content.decode()

    assert str(worked.theirs) in text
    assert str(worked.ours) not in text


HOUSE_ROOMS = ("admin", "reports", "integrations", "scheduling", "creditors")
# Their own figures and work; and logos, which are served to whoever has the address.
OPEN = {"reports:mine", "reports:list", "reports:list_file", "creditors:logo"}


@pytest.mark.parametrize("role", [SUPERVISOR, IMPLEMENTER])
def test_what_is_the_whole_agencys_is_refused_in_words(
    garden: Garden, agency: Agency, client_for: Any, role: str
) -> None:
    """Dashboards with their files, distribution, teams, queues, set-up and back office."""
    client = client_for(_working_outside(agency, role))
    names = {"distribution", "new_goal", "goal", "teams", "new_team", "team"}
    names |= {"queues", "new_queue", "queue"}
    answered = {}
    for room, addresses in rooms().items():
        for address in addresses:
            local = address.name.rpartition(":")[2]
            is_house = room.startswith(HOUSE_ROOMS) or (room == "telecobranca" and local in names)
            if not is_house or address.name in OPEN or "intake" in address.route:
                continue
            with scopes_disabled():
                urls = urls_for(address, garden)
            for url in urls:
                answer = client.get(url)
                if answer.status_code != 405:
                    said = HOUSE_ONLY in answer.content.decode() if not answer.streaming else ""
                    answered[url] = answer.status_code, said

    assert {url: got for url, got in answered.items() if got != (403, True)} == {}
    assert len(answered) > 80


@pytest.mark.parametrize("listing", FACTS)
@pytest.mark.parametrize("file", ["", ".csv"])
def test_lists_behind_dashboards_are_their_own_work_or_refused(
    worked: Office, client_for: Any, listing: str, file: str
) -> None:
    page = reverse("reports:list", args=[listing]).rstrip("/") + (file or "/")
    answer = client_for(worked.supervisor).get(page, {"cobrador": worked.ours.pk})

    assert answer.status_code == (200 if listing in PERSONAL else 403)
    body = b"".join(answer) if answer.streaming else answer.content
    assert b"Silvia Nossa" not in body
    if listing not in PERSONAL:
        assert HOUSE_ONLY in body.decode()


def test_the_menu_offers_what_opens(worked: Office, client_for: Any) -> None:
    client = client_for(worked.supervisor)
    text = client.get(reverse("telecobranca:search")).content.decode()

    assert "Quadro ao vivo" in text
    for label in ("Distribuição", "Painéis", "Filas", "Equipes", "Unificações", "Importações"):
        assert f">{label}<" not in text
    assert client.get("/", follow=True).status_code == 200


# --- REST -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["token", "session"])
@pytest.mark.parametrize("role", [COLLECTOR, SUPERVISOR])
def test_the_api_is_not_for_them(
    portfolio: Any,
    api_for: Any,
    client_for: Any,
    agency: Agency,
    supervisor: User,
    way: str,
    role: str,
) -> None:
    open_with = api_for if way == "token" else client_for
    outside, inside = open_with(_working_outside(agency, role)), open_with(supervisor)

    of_desk = ("debtors", "contracts", "agreements", "queue", "agencies")
    of_team = ("board", "goals", "teams", "dashboards", "dashboards/recovery", "distributions")
    for path in of_desk + of_team:
        body = refusal(outside.get(f"/api/v1/{path}/"), 403)
        expected = "Escritórios terceirizados trabalham pelas telas: a API não é para eles."
        assert body["detail"] == expected
    assert inside.get("/api/v1/debtors/").status_code == 200
    assert inside.get("/api/v1/dashboards/").status_code == 200


# --- what it costs --------------------------------------------------------------------------------


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["debtor", "details", "debtor_contracts", "timeline"])
def test_only_people_of_other_offices_pay_for_it(
    portfolio: Any, agency: Agency, client_for: Any, collector_outside: User, name: str
) -> None:
    theirs, _ = portfolio
    url = reverse(f"telecobranca:{name}", args=[theirs.pk])
    alone, teamed = (factories.make_user(agency, COLLECTOR) for _ in range(2))
    with scope(agency=agency):
        teamed.team = make_team(agency)
    teamed.save()

    by_whom = [_queries(client_for(user), url) for user in (alone, teamed, collector_outside)]

    assert by_whom[0] == by_whom[1]
    assert by_whom[2] - by_whom[0] in (0, 1)
