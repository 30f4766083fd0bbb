"""Webhooks set up in Sienge from one button: whole, once, repaired, removed (SIE-14)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from cobranca.common.errors import DomainError
from integrations.core import hooks
from integrations.core.models import IntegrationLog, WebhookSubscription
from integrations.sandbox.running import start
from integrations.sienge import parameters as p
from integrations.sienge.hooks import WANTED
from tests import factories
from tests.flows.office import Erp
from tests.integrations.sienge.office import configure

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
AUTH = ("construtora-cobranca", "sandbox-sienge")
SPC = {"SPC inclusão", "SPC atualizado", "SPC exclusão"}
HOOKS = "/api/v1/hooks"


@pytest.fixture
def erp() -> Iterator[Erp]:
    made = Erp(start("sienge", contracts=2, customers=3, companies=1, on=date(2026, 11, 19)))
    yield made
    made.stop()


@pytest.fixture
def creditor(in_scope, erp, settings):
    settings.INTEGRATION_FIRST_PAUSE = 0.001
    settings.SITE_URL = "https://cobranca.example"
    made = factories.make_creditor(in_scope, creditor_type="SIENGE", external_code="1")
    configure(in_scope, {p.USER: AUTH[0], p.PASSWORD: AUTH[1], p.API_ADDRESS: erp.api_url})
    return made


@pytest.fixture
def url(in_scope) -> str:
    return f"https://cobranca.example/webhooks/sienge/{in_scope.pk}/"


def there(erp: Erp) -> dict[str, tuple[str, frozenset[str]]]:
    answer = requests.get(f"{erp.api_url}/hooks", auth=AUTH, timeout=10)
    return {row["id"]: (row["url"], frozenset(row["events"])) for row in answer.json()["results"]}


def put_there(erp: Erp, url: str, *events: str) -> str:
    body = {"url": url, "token": "de-outro", "events": list(events)}
    answer = requests.post(f"{erp.api_url}/hooks", json=body, auth=AUTH, timeout=10)
    return str(answer.json()["id"])


def install(creditor: Any) -> WebhookSubscription:
    return hooks.install_hooks(creditor=creditor, actor=None, now=NOW)


def states(row: WebhookSubscription) -> dict[str, str]:
    return {state["label"]: state["state"] for state in row.hooks}


def test_one_button_creates_every_webhook(creditor, erp, url):
    row = install(creditor)

    assert sorted(there(erp).values(), key=str) == sorted(
        ((url, frozenset(one.events)) for one in WANTED), key=str
    )
    assert row.installed_at == NOW
    assert {label for label, state in states(row).items() if state == "unavailable"} == SPC
    assert {state for label, state in states(row).items() if label not in SPC} == {"ok"}
    assert row.message == "Todos os webhooks estão criados e apontam para cá."


def test_doing_it_again_changes_nothing(creditor, erp):
    install(creditor)
    before = there(erp)

    row = hooks.install_hooks(creditor=creditor, actor=None, now=NOW.replace(hour=20))

    assert there(erp) == before
    assert row.installed_at == NOW


def test_the_token_is_long_random_encrypted_and_never_logged(creditor, erp):
    row = install(creditor)

    assert len(row.token) >= 43
    assert row.token_hash == hashlib.sha256(row.token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM integrations_webhooksubscription")
        assert row.token not in cursor.fetchone()[0]
    logged = IntegrationLog.objects.values_list("request", "response", "url")
    assert not any(row.token in text for line in logged for text in line)
    assert row.token not in str(hooks.told(creditor))


def test_a_missing_one_is_noticed_and_repaired(creditor, erp):
    row = install(creditor)
    lost = next(state["hook"] for state in row.hooks if state["label"] == "Pagamento")
    requests.delete(f"{erp.api_url}/hooks/{lost}", auth=AUTH, timeout=10)

    seen = hooks.check_hooks(creditor=creditor, now=NOW)
    assert states(seen)["Pagamento"] == "missing"

    assert states(install(creditor))["Pagamento"] == "ok"
    assert len(there(erp)) == len(WANTED)


def test_one_that_differs_is_made_anew_and_then_deleted(creditor, erp, url):
    mine = put_there(erp, url, "RECEIPT_PROCESSED", "CUSTOMER_UPDATED")
    seen = hooks.check_hooks(creditor=creditor, now=NOW)
    assert states(seen)["Pagamento"] == "different"

    row = install(creditor)

    assert states(row)["Pagamento"] == "ok"
    assert mine not in there(erp)
    calls = list(IntegrationLog.objects.order_by("pk").values_list("verb", flat=True))
    assert calls.index("POST") < calls.index("DELETE")


def test_hooks_of_other_integrations_are_left_alone(creditor, erp, url):
    others = [
        put_there(erp, "https://api.cobmais.example/webhook/Sienge?Id=617", "RECEIPT_PROCESSED"),
        put_there(erp, url.replace(f"/{creditor.agency_id}/", "/999999/"), "RECEIPT_PROCESSED"),
    ]

    install(creditor)
    hooks.remove_hooks(creditor=creditor, actor=None, now=NOW)

    assert sorted(there(erp)) == sorted(others)


def test_a_change_of_address_takes_the_hooks_along(creditor, erp, settings):
    install(creditor)
    settings.SITE_URL = "https://nova.example"

    row = install(creditor)

    assert {url for url, _ in there(erp).values()} == {
        f"https://nova.example/webhooks/sienge/{creditor.agency_id}/"
    }
    assert len(there(erp)) == len(WANTED)
    assert row.message.startswith("Todos")


def test_what_could_not_be_created_is_said_in_words_and_the_rest_stands(creditor, erp):
    erp.fault("500", HOOKS, method="POST", nth=[3])

    row = install(creditor)

    wrong = {label for label, state in states(row).items() if state == "missing"}
    assert wrong == {WANTED[2].label}
    assert row.installed_at is None
    assert row.message.startswith(f"{len(WANTED) - 1} de {len(WANTED)} webhooks prontos.")

    erp.heal()
    assert install(creditor).installed_at == NOW
    assert len(there(erp)) == len(WANTED)


def test_an_answer_that_was_lost_creates_nothing_twice(creditor, erp):
    erp.fault("reset-after-apply", HOOKS, method="POST", nth=[2])

    row = install(creditor)

    assert {state for label, state in states(row).items() if label not in SPC} == {"ok"}
    assert len(there(erp)) == len(WANTED)


def test_an_erp_that_does_not_answer_is_said_in_words(creditor, erp):
    erp.fault("403", HOOKS)

    with pytest.raises(DomainError, match="Webhooks"):
        install(creditor)

    row = WebhookSubscription.objects.get()
    assert "Webhooks" in row.message
    assert row.installed_at is None


def test_removing_leaves_none_of_ours(creditor, erp):
    install(creditor)

    row = hooks.remove_hooks(creditor=creditor, actor=None, now=NOW)

    assert there(erp) == {}
    assert row.message == f"{len(WANTED)} webhooks removidos do ERP."
    assert row.installed_at is None
    assert hooks.remove_hooks(creditor=creditor, actor=None, now=NOW).message.startswith("0 ")


def test_a_removal_half_done_says_so(creditor, erp):
    install(creditor)
    erp.fault("500", HOOKS + "/", method="DELETE", nth=[1])

    with pytest.raises(DomainError, match=f"{len(WANTED) - 1} de {len(WANTED)} webhooks removidos"):
        hooks.remove_hooks(creditor=creditor, actor=None, now=NOW)

    assert len(there(erp)) == 1


def test_a_new_token_replaces_the_old_in_every_hook(creditor, erp):
    old = install(creditor)
    before, old_token = there(erp), old.token

    row = hooks.rotate_token(creditor=creditor, actor=None, now=NOW)

    assert row.token != old_token
    assert row.old_token_hash == ""
    assert set(there(erp)).isdisjoint(before)
    assert len(there(erp)) == len(WANTED)


def test_the_old_token_is_good_until_every_hook_has_the_new(creditor, erp):
    old = install(creditor)
    erp.fault("500", HOOKS, method="POST", nth=[3])

    row = hooks.rotate_token(creditor=creditor, actor=None, now=NOW)

    assert row.old_token_hash == old.token_hash
    assert states(row)[WANTED[2].label] == "different"
    assert len(there(erp)) == len(WANTED)  # the old hook still does its work
    new_hash = row.token_hash

    erp.heal()
    row = hooks.rotate_token(creditor=creditor, actor=None, now=NOW)

    assert (row.token_hash, row.old_token_hash) == (new_hash, "")
    assert {state for label, state in states(row).items() if label not in SPC} == {"ok"}


def test_names_of_spc_events_can_be_told(creditor, erp, in_scope):
    configure(in_scope, {p.SPC_EVENTS: "SPC_INCLUIDO;SPC_ATUALIZADO;SPC_EXCLUIDO"})

    row = install(creditor)

    assert {states(row)[label] for label in SPC} == {"ok"}
    assert any(events == {"SPC_INCLUIDO"} for _, events in there(erp).values())


def test_the_command_says_what_there_is(creditor, erp, capsys):
    def run(*options: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as exit_:
            call_command("webhooks", "--creditor", str(creditor.pk), *options)
        return exit_.value.code, capsys.readouterr().out

    assert run("--check")[0] == 1
    assert run("--install")[0] == 0
    code, told = run("--check", "--json")
    assert code == 0
    assert '"complete": true' in told
    assert run("--remove")[0] == 0
    assert there(erp) == {}


def test_the_screen_has_one_button_and_what_exists_there(
    client_for, implementer, creditor, erp, url
):
    page = reverse("integrations:hooks", args=[creditor.pk])
    assert "Criar webhooks" in client_for(implementer).get(page).content.decode()

    shown = client_for(implementer).post(page, {"action": "install"}, follow=True).content.decode()

    assert "Todos os webhooks estão criados e apontam para cá." in shown
    assert "Reparar webhooks" in shown
    assert url in shown
    assert "Sem evento público no Sienge" in shown
    assert WebhookSubscription.objects.get().token not in shown
    assert len(there(erp)) == 8

    client_for(implementer).post(page, {"action": "remove"})
    assert there(erp) == {}


def test_what_the_erp_refuses_is_said_on_the_page(client_for, implementer, creditor, erp):
    erp.fault("403", "/api/v1/hooks")
    page = reverse("integrations:hooks", args=[creditor.pk])

    shown = client_for(implementer).post(page, {"action": "install"}).content.decode()

    assert 'role="alert"' in shown
    assert "Webhooks" in shown


def test_an_address_that_is_not_https_is_pointed_out(client_for, implementer, creditor, settings):
    settings.SITE_URL = "http://cobranca.example"

    shown = client_for(implementer).get(reverse("integrations:hooks", args=[creditor.pk]))

    assert "não começa com https" in shown.content.decode()


def test_who_only_looks_changes_nothing(client_for, supervisor, creditor, erp):
    page = reverse("integrations:hooks", args=[creditor.pk])

    assert "Criar webhooks" not in client_for(supervisor).get(page).content.decode()
    assert client_for(supervisor).post(page, {"action": "install"}).status_code == 403
    assert there(erp) == {}


def test_scripts_do_the_same(api_for, implementer, creditor, erp, url):
    api = api_for(implementer)
    made = api.post(
        "/api/v1/webhooks/", {"creditor": creditor.pk, "action": "install"}, format="json"
    )

    assert made.status_code == 200, made.content
    assert made.json()["complete"] is True
    assert made.json()["url"] == url
    (row,) = api.get("/api/v1/webhooks/").json()["results"]
    assert {hook["state"] for hook in row["hooks"]} == {"ok", "unavailable"}
    assert [loss["found"] for loss in row["losses"]] == [0, 0, 0]
    assert "token" not in row
