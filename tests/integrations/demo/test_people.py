"""Who signs in to the demonstration: the same people with the same passwords at every start."""

import json

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scopes_disabled

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import ROLES, role_of
from integrations.demo import people
from integrations.demo.people import CAST, Known, ensure_people, ensure_token

NOTHING = Known({}, "")


@pytest.fixture(autouse=True)
def _no_agency_yet(db):
    with scopes_disabled():
        yield


def remembered(cast, token: str = "") -> Known:
    return Known({person.username: person.password for person in cast}, token)


def test_each_role_has_somebody_and_their_password_opens_the_door(client):
    cast = ensure_people(NOTHING)

    assert {person.role for person in cast if person.agency == people.OURS} == set(ROLES)
    for person in cast:
        user = User.objects.get(username=person.username)
        assert user.check_password(person.password)
        assert role_of(user) == person.role
        assert user.agency.name == person.agency


def test_a_second_start_keeps_people_and_passwords():
    first = ensure_people(NOTHING)

    second = ensure_people(remembered(first))

    assert second == first
    assert User.objects.count() == len(CAST)
    assert Agency.objects.count() == 2


def test_a_lost_file_gives_new_passwords():
    ensure_people(NOTHING)

    again = ensure_people(NOTHING)

    for person in again:
        assert User.objects.get(username=person.username).check_password(person.password)


def test_the_token_is_kept_while_it_is_good(api_for):
    cast = ensure_people(NOTHING)
    token = ensure_token(NOTHING)

    assert ensure_token(remembered(cast, token)) == token
    assert ensure_token(remembered(cast, "x" * 64)) != token


def test_the_file_of_the_last_start_is_read_back(tmp_path):
    file = tmp_path / "demo.json"
    file.write_text(json.dumps({"users": [{"username": "ines", "password": "p"}], "token": "t"}))

    assert Known.read(file) == Known({"ines": "p"}, "t")
    assert Known.read(tmp_path / "none.json") == NOTHING


def test_a_token_from_the_command_line_opens_the_api(implementer, client, capsys):
    call_command("create_api_token", "--user", implementer.username)
    token = capsys.readouterr().out.strip()

    answer = client.get("/api/v1/agencies/", headers={"Authorization": f"Token {token}"})

    assert answer.status_code == 200


def test_no_token_for_who_is_not_there():
    with pytest.raises(CommandError, match="Não há usuário ativo chamado ninguem"):
        call_command("create_api_token", "--user", "ninguem")
