"""The log of webhooks: found by what people know, read, tried again, given up."""

from datetime import timedelta

import pytest

from cobranca.audit.models import AuditEntry
from cobranca.common import clock
from integrations.core.models import WebhookDelivery, WebhookRefusal
from integrations.core.states import AT_WORK, DeliveryStatus
from tests.api import refusal, results
from tests.integrations.core.inbox.tiny import received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
LIST, API = "/logs/webhooks/", "/api/v1/webhook-deliveries/"
PARKED, WAITING = DeliveryStatus.PARKED, DeliveryStatus.WAITING


def arrived(agency, number, **fields):
    now = clock.now()
    return received(agency, number, **{"received_at": now, "due_at": now, **fields})


@pytest.fixture
def inbox(agency):
    """Return announcements of every kind by a name for each."""
    return {
        "paid": arrived(agency, "a1", contract="5600", installment=2, status="done"),
        "poison": arrived(agency, "b2", contract="777", status=PARKED, error="Título impossível"),
        "sale": arrived(agency, "c3", event="CANCELED", sale="812"),
        "old": arrived(agency, "d4", contract="5600", received_at=clock.now() - timedelta(days=9)),
    }


def listed(client, query=""):
    page = client.get(LIST + query)
    assert page.status_code == 200
    return {row.key for row in page.context["deliveries"]}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", {"a1", "b2", "c3"}),
        ("?start=2020-01-01", {"a1", "b2", "c3", "d4"}),
        ("?end=2020-01-01", set()),
        ("?event=CANCELED", {"c3"}),
        ("?status=parked", {"b2"}),
        ("?only_errors=on", {"b2"}),
        ("?terms=5600", {"a1", "d4"}),
        ("?terms=812", {"c3"}),
        ("?terms=b2", {"b2"}),
        ("?terms=impossível", {"b2"}),
        ("?status=nonsense&start=yesterday", {"a1", "b2", "c3", "d4"}),
    ],
)
def test_announcements_are_found(client_for, auditor, inbox, query, keys):
    assert listed(client_for(auditor), query) == keys


def test_the_list_says_that_some_wait_for_a_person(client_for, supervisor, inbox):
    assert "Um aviso parou" in client_for(supervisor).get(LIST).content.decode()


def test_one_shows_its_body_with_what_is_secret_masked(client_for, supervisor, agency):
    row = arrived(agency, 1, body='{"billId": 5600, "token": "zqxsecret"}', contract="5600")

    page = client_for(supervisor).get(f"{LIST}{row.pk}/").content.decode()

    assert "5600" in page
    assert 'data-copy="#body"' in page
    assert "zqxsecret" not in page


def test_a_parked_one_is_tried_again(client_for, supervisor, inbox):
    row = inbox["poison"]

    response = client_for(supervisor).post(f"{LIST}{row.pk}/repetir/", follow=True)

    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == (WAITING, 0, "")
    assert "Aviso posto na fila" in response.content.decode()
    assert AuditEntry.objects.filter(action="webhook_delivery.retried").count() == 1


def test_one_is_given_up(client_for, supervisor, inbox):
    row = inbox["poison"]

    client_for(supervisor).post(f"{LIST}{row.pk}/descartar/")

    row.refresh_from_db()
    assert row.status == DeliveryStatus.DISCARDED
    assert AuditEntry.objects.filter(action="webhook_delivery.discarded").count() == 1


def test_one_that_ended_is_not_given_up(client_for, supervisor, inbox):
    response = client_for(supervisor).post(f"{LIST}{inbox['paid'].pk}/descartar/", follow=True)

    inbox["paid"].refresh_from_db()
    assert inbox["paid"].status == "done"
    assert "não pode passar" in response.content.decode()


def test_one_that_waits_for_later_is_tried_now_but_not_one_at_work(client_for, supervisor, agency):
    later = clock.now() + timedelta(hours=6)
    patient = arrived(agency, 1, due_at=later, attempts=3, error="x")
    busy = arrived(agency, 2, due_at=later, attempts=1, outcome=AT_WORK)
    client = client_for(supervisor)

    client.post(f"{LIST}{patient.pk}/repetir/")
    told = client.post(f"{LIST}{busy.pk}/repetir/", follow=True).content.decode()

    patient.refresh_from_db()
    busy.refresh_from_db()
    assert patient.due_at <= clock.now()
    assert busy.due_at == later
    assert "sendo processado agora" in told


def test_auditors_look_and_collectors_do_not(client_for, auditor, collector, inbox):
    row = inbox["poison"]

    page = client_for(auditor).get(f"{LIST}{row.pk}/").content.decode()

    assert "Processar de novo" not in page
    assert client_for(auditor).post(f"{LIST}{row.pk}/repetir/").status_code == 403
    assert client_for(collector).get(LIST).status_code == 403
    assert client_for(collector).get(f"{LIST}recusados/").status_code == 403


def test_what_was_turned_away_is_listed(client_for, supervisor, agency):
    now = clock.now().replace(second=0, microsecond=0)
    told = {"agency": agency, "system": "sienge", "status": 401, "count": 1234}
    WebhookRefusal(**told, at=now, reason="Token ausente ou errado").save()
    WebhookRefusal(**told, at=now - timedelta(days=30), reason="Antiga").save()

    page = client_for(supervisor).get(f"{LIST}recusados/").content.decode()

    assert "Token ausente ou errado" in page
    assert "1.234" in page
    assert "Antiga" not in page


def test_the_menu_leads_there(client_for, supervisor):
    assert (
        'href="/logs/webhooks/"' in client_for(supervisor).get("/logs/integracao/").content.decode()
    )


# --- REST -----------------------------------------------------------------------------------------


def test_rest_lists_and_shows_announcements(api_for, supervisor, inbox):
    api = api_for(supervisor)

    found = results(api, API, status="parked")
    one = api.get(f"{API}{inbox['poison'].pk}/").json()

    assert [row["key"] for row in found] == ["b2"]
    assert (one["contract"], one["status"], one["body"]) == ("777", "parked", "{}")
    assert "body" not in found[0]
    assert {row["key"] for row in results(api, API, terms="5600")} == {"a1", "d4"}


def test_rest_tries_again_and_gives_up(api_for, supervisor, inbox):
    api = api_for(supervisor)

    again = api.post(f"{API}{inbox['poison'].pk}/retry/")
    gone = api.post(f"{API}{inbox['sale'].pk}/discard/")

    assert (again.status_code, again.json()["status"]) == (200, "waiting")
    assert (gone.status_code, gone.json()["status"]) == (200, "discarded")
    ended = api.post(f"{API}{inbox['paid'].pk}/discard/")
    assert "não pode passar" in refusal(ended, 409)["detail"]


def test_rest_lets_auditors_look_only(api_for, auditor, inbox):
    url = f"{API}{inbox['poison'].pk}/"

    assert api_for(auditor).get(url).status_code == 200
    assert api_for(auditor).post(f"{url}retry/").status_code == 403


def test_a_strangers_announcement_is_not_there(api_for, client_for, stranger, inbox):
    pk = inbox["poison"].pk

    assert client_for(stranger).get(f"{LIST}{pk}/").status_code == 404
    assert client_for(stranger).post(f"{LIST}{pk}/repetir/").status_code == 404
    assert api_for(stranger).post(f"{API}{pk}/retry/").status_code == 404
    assert WebhookDelivery.objects.get(pk=pk).status == PARKED
