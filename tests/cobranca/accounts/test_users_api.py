"""REST: the people of the agency."""

import pytest

from cobranca.accounts import two_factor
from cobranca.accounts.models import User
from cobranca.accounts.roles import COLLECTOR, SUPERVISOR
from tests.api import assert_queries_stay, errors, ids, refusal, results
from tests.cobranca.accounts.two_factor_kit import with_factor
from tests.factories import make_user

USERS = "/api/v1/users/"
NEW = {"username": "nova", "first_name": "Nova", "role": COLLECTOR, "password": "quatro-palavras-x"}


@pytest.fixture
def api(api_for, implementer):
    return api_for(implementer)


def test_a_person_is_made_with_one_role_and_signs_in(api, client):
    made = api.post(USERS, NEW | {"email": " Nova@Casa.com.br"})

    assert made.status_code == 201, made.content
    assert made.json()["role"] == COLLECTOR
    assert made.json()["email"] == "nova@casa.com.br"
    assert "password" not in made.json()
    assert client.login(username="nova", password=NEW["password"])


@pytest.mark.parametrize("weak", ["curta", "password123", "1234567890123"])
def test_a_weak_password_is_refused_at_its_field(api, weak):
    assert list(errors(api.post(USERS, NEW | {"password": weak}))) == ["password"]


def test_a_name_already_taken_is_told_at_its_field(api, collector):
    assert list(errors(api.post(USERS, NEW | {"username": collector.username}))) == ["username"]


def test_a_person_changes_role_and_is_switched_off(api, collector):
    place = f"{USERS}{collector.pk}/"

    assert api.patch(place, {"role": SUPERVISOR}).json()["role"] == SUPERVISOR
    assert api.patch(place, {"is_active": False}).json()["is_active"] is False
    assert ids(api, USERS, role=SUPERVISOR) == [collector.pk]


def test_nobody_takes_their_own_access_away(api, implementer):
    refusal(api.patch(f"{USERS}{implementer.pk}/", {"role": COLLECTOR}), 409)


def test_the_second_factor_is_seen_and_reset(api, collector):
    with_factor(collector)
    place = f"{USERS}{collector.pk}/"
    assert api.get(place).json()["has_two_factor"] is True

    assert api.post(f"{place}reset-two-factor/").json()["has_two_factor"] is False
    assert not two_factor.has_factor(collector)


def test_a_new_password_ends_the_sessions(api, collector, client_for):
    browser = client_for(collector)

    given = api.post(f"{USERS}{collector.pk}/set-password/", {"password": NEW["password"]})

    assert given.status_code == 200
    assert browser.get("/telecobranca/").status_code == 302


def test_sessions_are_closed(api, collector, client):
    credentials = {"login": collector.username, "password": "segredo-de-teste-1"}
    client.post("/conta/login/", credentials)
    assert client.get("/telecobranca/").status_code == 200

    api.post(f"{USERS}{collector.pk}/close-sessions/")

    assert client.get("/telecobranca/").status_code == 302


def test_operators_and_other_agencies_are_not_among_them(api, implementer, stranger):
    operator = User.objects.create_superuser("root", password="x")

    assert ids(api, USERS) == [implementer.pk]
    refusal(api.get(f"{USERS}{operator.pk}/"), 404)
    refusal(api.post(f"{USERS}{stranger.pk}/set-password/", {"password": "x" * 20}), 404)


def test_an_auditor_reads_and_changes_nobody(api_for, auditor, collector):
    api = api_for(auditor)

    assert results(api, USERS)
    refusal(api.patch(f"{USERS}{collector.pk}/", {"first_name": "X"}), 403)
    refusal(api_for(collector).get(USERS), 403)


def test_the_list_takes_as_many_queries_for_more_people(api, agency):
    assert_queries_stay(api, USERS, lambda: make_user(agency, COLLECTOR))
