"""Health and metrics: what probes see, who may see it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from cobranca.common import clock, health
from integrations.core.models import ImportRun, LoadState
from integrations.core.states import RunStatus


def ready(client: Client) -> tuple[int, dict]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()


def test_the_process_is_up_whatever_the_database_does(client):
    # No database fixture: a query would fail the test.
    assert client.get("/health/live").json() == {"status": "ok"}


def test_a_probe_may_call_the_process_by_any_name(client, settings):
    settings.ALLOWED_HOSTS = ["cobranca.example"]

    assert client.get("/health/live", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.django_db
def test_ready_when_everything_a_page_needs_is_there(client):
    status, body = ready(client)

    assert status == 200
    assert body["checks"] == dict.fromkeys(("database", "migrations", "cache", "broker"), "ok")


@pytest.mark.django_db
def test_not_ready_says_what_is_missing_without_details(client, monkeypatch):
    def fall() -> None:
        raise DatabaseError("could not connect to secret-host as secret-user")

    monkeypatch.setitem(health.CHECKS, "database", fall)
    status, body = ready(client)

    assert status == 503
    assert body["checks"]["database"] == "DatabaseError"
    assert "secret" not in str(body)


@pytest.mark.django_db
def test_unapplied_migrations_make_it_not_ready_until_they_are_applied(client, monkeypatch):
    health._are_migrations_applied.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])
        assert ready(client)[0] == 503

    assert ready(client)[0] == 200


@pytest.mark.django_db
def test_beat_tells_its_last_tick(client):
    assert ready(client)[1]["facts"]["beat"] == {"last_tick_seconds": None}

    PeriodicTask.objects.create(
        name="varredura",
        task="x",
        interval=IntervalSchedule.objects.create(every=1, period="minutes"),
        last_run_at=clock.now() - timedelta(seconds=40),
    )

    assert ready(client)[1]["facts"]["beat"]["last_tick_seconds"] == pytest.approx(40, abs=5)


def test_what_waits_and_what_fell_behind_is_told_in_numbers(client, creditor):
    ImportRun(
        agency=creditor.agency,
        creditor=creditor,
        layout="carga_sienge",
        status=RunStatus.QUEUED,
        created_at=clock.now() - timedelta(minutes=5),
    ).save()
    LoadState(
        agency=creditor.agency, creditor=creditor, loaded_until=clock.now() - timedelta(days=3)
    ).save()

    facts = ready(client)[1]["facts"]

    assert facts["waiting"]["oldest_import_seconds"] == pytest.approx(300, abs=5)
    assert facts["loads"]["loaded"] == facts["loads"]["behind"] == 1
    assert str(creditor) not in str(facts)


@pytest.mark.django_db
def test_metrics_show_the_same_facts_as_gauges(client, creditor):
    page = client.get("/metrics").content.decode()

    assert "cobranca_loads_creditors 1.0" in page
    assert "django_http_requests_before_middlewares_total" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        pytest.param({}, "127.0.0.1", 200, id="from this machine"),
        pytest.param({}, "10.0.0.7", 403, id="from another machine"),
        pytest.param({"X-Forwarded-For": "10.0.0.7"}, "127.0.0.1", 403, id="through a proxy here"),
        pytest.param({"Authorization": "Bearer right"}, "10.0.0.7", 200, id="with the token"),
        pytest.param({"Authorization": "Bearer wrong"}, "10.0.0.7", 403, id="with another token"),
        pytest.param({"Authorization": "Bearer "}, "10.0.0.7", 403, id="with an empty token"),
    ],
)
def test_metrics_are_for_this_machine_or_with_a_token(client, settings, headers, address, status):
    settings.METRICS_TOKEN = "right"

    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


@pytest.mark.django_db
def test_without_a_configured_token_no_token_opens_the_metrics(client, settings):
    settings.METRICS_TOKEN = ""

    answer = client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="10.0.0.7")

    assert answer.status_code == 403


@pytest.mark.django_db
def test_an_unknown_api_address_answers_with_a_problem(client):
    answer = client.get("/api/v1/nada/")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "Não encontrado"
