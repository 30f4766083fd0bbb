"""No secret is ever seen again: not on a page, in a log, an error, an export or an answer.

Each place that takes a secret gets one of its own, marked; then the whole product is walked
through as each role, and everything it says or keeps is searched for the marks.
"""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django_scopes import scope

from cobranca.accounts.roles import SUPERVISOR
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts import erp
from cobranca.contracts.erp import Mail, Renegotiation
from cobranca.contracts.models import Contract
from cobranca.creditors import choices
from cobranca.creditors import services as creditors
from cobranca.creditors.parameters import definitions
from cobranca.creditors.selectors import value_of
from integrations.core import http
from integrations.core.budget import Timing
from integrations.core.connection import check_connection
from integrations.core.models import ImportRun
from integrations.core.operations import Pace, pace
from integrations.core.runs.services import import_now
from integrations.sienge import parameters as sienge
from tests import factories
from tests.security.echoing import STATUSES, Echoing
from tests.security.house import PARTS, House, Walk, secret_parameters
from tests.security.marking import Secret, database_text, found_in, told_by


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_anybody_may_open_gives_a_secret_away(walk: Walk, part: int) -> None:
    walk.everywhere(part=part)


def test_every_place_that_takes_a_secret_has_one(house: House) -> None:
    places = {secret.place for secret in house.secrets}

    assert {f"parameter {each.section} · {each.key}" for each in secret_parameters()} <= places
    assert sienge.PASSWORD in secret_parameters()
    assert {"creditors.ParameterValue.value", "SECRET_KEY", "password of operator"} <= places


def test_a_secret_is_stored_where_only_the_key_opens_it(house: House) -> None:
    with scope(agency=house.agency):
        kept = value_of(sienge.PASSWORD, agency=house.agency)

    assert kept == Secret(f"parameter {sienge.SECTION} · {sienge.PASSWORD.key}").text
    assert found_in(database_text(), house.secrets) == []


def test_signing_in_well_and_badly_leaves_no_password_behind(walk: Walk) -> None:
    wrong = walk.house.secret("a wrong password")
    for password in (wrong.text, Secret(f"password of {SUPERVISOR}").text):
        told = {"login": walk.house.people[SUPERVISOR].username, "password": password}
        answer = Client().post(reverse("account_login"), told)
        walk.look("sign-in", told_by(answer))


def test_changing_a_password_leaves_neither_behind(walk: Walk) -> None:
    browser = Client()
    browser.force_login(walk.house.people[SUPERVISOR])
    old, new = Secret(f"password of {SUPERVISOR}"), walk.house.secret("a new password")
    for again in ("outra coisa 123", new.text):
        told = {"oldpassword": old.text, "password1": new.text, "password2": again}
        walk.look("change", told_by(browser.post(reverse("account_change_password"), told)))


def test_a_secret_refused_by_the_screen_or_the_api_is_not_repeated(walk: Walk) -> None:
    wrong = walk.house.secret("typed in the wrong place")
    program = Client(headers={"Authorization": f"Token {walk.house.token}"})
    body = {"scope": "general", "section": sienge.SECTION, "key": "password", "value": wrong.text}
    for change in ({}, {"section": "Outra"}, {"scope": "creditor"}, {"value": [wrong.text]}):
        answer = program.put("/api/v1/parameters/", body | change, content_type="application/json")
        walk.look(f"PUT {change}", told_by(answer))
    listed = program.get("/api/v1/parameters/", {"section": sienge.SECTION})
    walk.look("GET", told_by(listed))


def test_a_token_is_no_longer_known_once_it_was_shown(house: House) -> None:
    assert house.token not in database_text()


# --- an ERP that echoes ---------------------------------------------------------------------------


def operations(house: House) -> dict[str, Callable[[], Any]]:
    """Return everything that calls the ERP for a creditor."""
    creditor, agency, contract = house.creditor, house.agency, _contract(house)
    gateway = erp.gateway_for(creditor)
    today, now = clock.today(), clock.now()
    installment = contract.installments.get()
    order = Renegotiation("agreement-1", contract, [1], today, today.replace(day=1), 0, 0, [], 0)  # type: ignore[arg-type]
    note = Mail("ana@example.com")
    asked: dict[str, Callable[[], Any]] = {
        "check": lambda: check_connection(creditor=creditor),
        "load": lambda: import_now(
            creditor=creditor, layout="carga_sienge", full=True, now=now, actor=None
        ),
        "quote": lambda: gateway.quote(contract, today),
        "integrate": lambda: gateway.integrate(order),
        "undo": lambda: gateway.undo("agreement-1"),
        "finish": lambda: gateway.finish("agreement-1"),
        "sync": lambda: gateway.sync([contract], now=now),
        "second copy": lambda: gateway.second_copy(installment, with_pdf=True),
        "mail second copy": lambda: gateway.mail_second_copy(installment, note),
        "mail statement": lambda: gateway.mail_statement(contract, note),
        "mail balance": lambda: gateway.mail_balance(contract, note),
        "push contacts": lambda: gateway.push_contacts(contract.debtor),
    }
    for parameter in definitions():
        if parameter.choices:
            asked[f"choices {parameter.key}"] = lambda parameter=parameter: choices.choices_for(
                parameter, agency=agency
            )
    return asked


def _contract(house: House) -> Contract:
    debtor = factories.make_debtor(house.agency)
    contract = factories.make_contract(house.creditor, debtor, external_id="5600", number="5600")
    factories.make_installment(contract, has_boleto=True)
    return contract


@pytest.fixture
def impatient(monkeypatch: Any, settings: Any) -> None:
    """Wait neither between attempts nor for an answer that lags."""
    settings.INTEGRATION_FIRST_PAUSE = 0
    monkeypatch.setattr(http, "Timing", lambda: Timing(sleep=lambda seconds: None))
    monkeypatch.setattr(pace, "PACE", Pace(sleep=lambda seconds: None))


@pytest.mark.usefixtures("impatient")
def test_an_erp_that_echoes_the_password_leaves_no_trace_of_it(walk: Walk) -> None:
    house = walk.house
    with Echoing() as server, scope(agency=house.agency):
        address = f"{server.url}/construtora{sienge.API_PATH}"
        creditors.set_parameter(sienge.API_ADDRESS, address, agency=house.agency, actor=None)
        creditors.set_parameter(sienge.USER, "usuaria-api", agency=house.agency, actor=None)
        for name, ask in operations(house).items():
            for _ in STATUSES:
                try:
                    ask()
                except DomainError as error:
                    walk.look(name, str(error))
        runs = [f"{run.message} {run.details}" for run in ImportRun.objects.all()]

    walk.look("a run", "\n".join(runs))
    assert len(server.asked) > 50
    walk.everywhere("integra", "importacoes", "imports", "connections", "implantacao", "webhook")


# --- the negative control -------------------------------------------------------------------------


def shows_the_password(request: HttpRequest) -> HttpResponse:
    """Spell the password in a way of one's own: the last part of the address says which."""
    kept = Secret(f"parameter {sienge.SECTION} · {sienge.PASSWORD.key}").text
    how: dict[str, Callable[[], HttpResponse]] = {
        "raw": lambda: HttpResponse(kept),
        "header": lambda: HttpResponse(headers={"X-Senha": base64.b64encode(kept.encode())}),
        "sentence": lambda: HttpResponse(base64.b64encode(b"ab" + kept.encode())),
        "hex": lambda: HttpResponse(kept.encode().hex()),
    }
    return how[request.path.rpartition("/")[2]]()


def keeps_the_password(request: HttpRequest) -> HttpResponse:
    kept = Secret(f"parameter {sienge.SECTION} · {sienge.PASSWORD.key}").text
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_agency SET name = %s", [kept])
    return HttpResponse("")


def fails_with_it(request: HttpRequest) -> HttpResponse:
    """Fail while the secret is in a variable, in the request, and in the arguments of a call."""
    kept = Secret(f"parameter {sienge.SECTION} · {sienge.PASSWORD.key}").text
    pair = ("usuaria", kept)
    return _called_with({"address": f"postgresql://dono:{kept}@banco"}, *pair)


def _called_with(*_: Any) -> HttpResponse:
    raise RuntimeError("falhou")


urlpatterns = [
    path("vaza/raw", shows_the_password, name="leaks_raw"),
    path("vaza/header", shows_the_password, name="leaks_header"),
    path("vaza/sentence", shows_the_password, name="leaks_sentence"),
    path("vaza/hex", shows_the_password, name="leaks_hex"),
    path("guarda", keeps_the_password, name="keeps"),
    path("falha", fails_with_it, name="fails"),
    path("api/v1/falha", fails_with_it, name="fails_api"),
    path("", include("settings.urls")),
]
handler500 = "cobranca.common.error_pages.server_error"


@pytest.mark.parametrize("how", ["raw", "header", "sentence", "hex"])
def test_a_page_that_shows_a_secret_is_found(house: House, settings: Any, how: str) -> None:
    settings.ROOT_URLCONF = __name__
    walk = Walk(house)

    walk.ask(Client(), "nobody", "GET", f"/vaza/{how}")

    assert "gives away ['parameter Integração Sienge · password']" in walk.findings[0]


def test_a_secret_kept_in_the_clear_is_found(house: House, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__

    Client().get("/guarda")

    assert found_in(database_text(), house.secrets) == ["parameter Integração Sienge · password"]


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("url", ["/falha", "/api/v1/falha"])
def test_an_error_page_tells_where_it_failed_and_never_with_what(
    walk: Walk, settings: Any, url: str, debug: bool
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = debug
    typed = walk.house.secret("typed into a form that failed")
    client = Client(raise_request_exception=False, headers={"X-Senha": "x"})
    client.cookies["sessionid"] = walk.house.secret("a session").core
    client.cookies["lembrete"] = walk.house.secret("a cookie").core

    response = client.post(url, {"campo": typed.text})

    assert response.status_code == 500
    assert ("_called_with" in told_by(response)) == debug
    walk.look("the page", response.content.decode())


def test_a_report_to_sentry_carries_no_variables() -> None:
    import sentry_sdk
    from sentry_sdk.transport import Transport

    from settings import sentry

    sent: list[str] = []

    class Kept(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            sent.append(envelope.serialize().decode())

    secret = Secret("in a variable")
    client = sentry_sdk.Client("https://chave@sentry.example/1", transport=Kept, **sentry.options())
    with sentry_sdk.isolation_scope() as isolated:
        isolated.set_client(client)
        try:
            _called_with({"senha": secret.text}, secret.text)
        except RuntimeError as error:
            sentry_sdk.capture_exception(error)
        client.flush()

    (report,) = sent
    assert "_called_with" in report
    assert found_in(report, [secret]) == []
