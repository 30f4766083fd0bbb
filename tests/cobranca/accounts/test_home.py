"""The first page of each role, and what the frame offers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR
from tests import factories

SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (IMPLEMENTER, "/implantacao/"),
        (SUPERVISOR, "/telecobranca/"),
        (COLLECTOR, "/telecobranca/"),
        (AUDITOR, "/logs/integracao/"),
    ],
)
def test_each_role_has_its_home(client_for: SignIn, agency: Agency, role: str, home: str) -> None:
    client = client_for(factories.make_user(agency, role))

    response = client.get("/")

    assert response.headers["Location"] == home
    assert client.get(home).status_code == 200


def test_without_a_session_home_is_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/conta/login/")


def test_an_operator_of_the_installation_goes_to_the_configuration(
    client: Client, db: None
) -> None:
    operator = User.objects.create_superuser("root", password="x")
    client.force_login(operator)

    assert client.get("/").headers["Location"] == "/admin/"
    assert client.get("/telecobranca/").status_code == 403


def test_someone_without_a_role_is_told_so(client: Client, agency: Agency) -> None:
    client.force_login(User.objects.create(username="ninguem", agency=agency))

    response = client.get("/")

    assert response.status_code == 403
    assert "Sem permissão" in response.content.decode()


def test_a_collector_is_offered_only_the_desk(client_for: SignIn, collector: User) -> None:
    html = client_for(collector).get(reverse("telecobranca:search")).content.decode()

    assert "Telecobrança" in html
    for closed in ("Importações", "Parâmetros", "Credores", "Auditoria", "Cadastros"):
        assert closed not in html


def test_an_implementer_is_offered_everything(client_for: SignIn, implementer: User) -> None:
    html = client_for(implementer).get(reverse("telecobranca:search")).content.decode()

    for section in ("Importações", "Tarefas", "Parâmetros", "Filiais", "Implantação", "Auditoria"):
        assert section in html


def test_the_configuration_screens_show_the_same_sections(
    client_for: SignIn, implementer: User
) -> None:
    html = client_for(implementer).get("/admin/").content.decode()

    for section in ("Telecobrança", "Importações", "Parâmetros", "Tipos de contrato"):
        assert section in html
