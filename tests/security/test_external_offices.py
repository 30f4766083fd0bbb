"""External offices: at any address of a screen, a debtor who is not theirs does not exist."""

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

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR, IMPLEMENTER
from cobranca.common import clock
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import Debtor
from cobranca.dunning.models import Callback, ContactRecord, Promise
from cobranca.telecobranca.models import ContractAssignment
from tests import factories
from tests.api import refusal
from tests.cobranca.agreements.making import agree, make_plain_campaign
from tests.cobranca.telecobranca.teaming import make_office, make_team, owing
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
    client = client_for(outsider)
    found = []
    for address in SCREENS:
        with scopes_disabled():
            urls = urls_for(address, garden)
        for url in urls:
            codes = {client.get(url).status_code, client.post(url).status_code}
            if not codes <= {404, 405} or 404 not in codes:
                found.append((address.name, url, codes))

    assert found == []


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


# --- REST -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["token", "session"])
def test_the_api_is_not_for_them(
    portfolio: Any,
    api_for: Any,
    client_for: Any,
    collector_outside: User,
    collector: User,
    way: str,
) -> None:
    open_with = api_for if way == "token" else client_for
    outside, inside = open_with(collector_outside), open_with(collector)

    for path in ("debtors", "contracts", "agreements", "queue", "agencies"):
        body = refusal(outside.get(f"/api/v1/{path}/"), 403)
        expected = "Escritórios terceirizados trabalham pelas telas: a API não é para eles."
        assert body["detail"] == expected
    assert inside.get("/api/v1/debtors/").status_code == 200


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
