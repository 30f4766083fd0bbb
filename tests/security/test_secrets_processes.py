"""Secrets of the environment in real processes: never in what they print, answer or are named.

The server as in the Dockerfile, the worker as in compose.yaml, and commands: well, with
everything around them down, and with each setting wrong in its own way.
"""

import time
from typing import Any

import pytest

from tests.security.starting import (
    NAMES,
    NOBODY,
    SECRETS,
    Heard,
    answer,
    environment,
    free_port,
    run,
    running,
    wait_for,
)

MARKS = dict(zip(NAMES, [secret.core for secret in SECRETS], strict=True))
GONE = f"postgresql://dono:{MARKS['DATABASE_URL']}@{NOBODY}/cobranca"
PAGES = ("/conta/login/", "/api/v1/debtors/", "/metrics", "/health/ready", "/nada", "/admin/")


# Their own connections see the tables, and nothing of a test.
pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Any:
    told = Heard()
    yield told
    assert told.leaks == []


def serve(heard: Heard, env: dict[str, str]) -> None:
    """Start the server, ask it for pages with all kinds of credentials, stop it."""
    port = free_port()
    env |= {"PROMETHEUS_MULTIPROC_DIR": env["COBRANCA_HOME"]}
    command = (
        "gunicorn", "settings.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--preload",
        "--access-logfile", "-",
    )  # fmt: skip
    with running(heard, env, *command) as process:
        wait_for(lambda: process.poll() is not None or answer(f"http://127.0.0.1:{port}/x")[0])
        for path in PAGES:
            credentials = {"Authorization": f"Bearer {MARKS['METRICS_TOKEN']}"}
            status, text = answer(f"http://127.0.0.1:{port}{path}", **credentials)
            heard.note(f"{path} ({status})", text)
            assert status, path


def test_the_server_says_no_secret(heard: Heard, tmp_path: Any) -> None:
    serve(heard, environment(tmp_path))

    assert "/nada" in heard.texts["gunicorn"]
    assert any(what.startswith("/health/ready (503") for what in heard.texts)


def test_the_server_without_its_database_says_no_secret(heard: Heard, tmp_path: Any) -> None:
    serve(heard, environment(tmp_path, DATABASE_URL=GONE))

    assert any("(500)" in what for what in heard.texts)
    assert "Traceback" in heard.texts["gunicorn"]


@pytest.mark.parametrize("role", ["worker", "beat"])
def test_a_worker_without_its_broker_says_no_secret(heard: Heard, tmp_path: Any, role: str) -> None:
    folder = [] if role == "worker" else ["--schedule", str(tmp_path / "beat")]
    command = ("celery", "-A", "settings.celery_app", role, "--loglevel", "DEBUG", *folder)
    with running(heard, environment(tmp_path), *command):
        # Long enough to ask for the broker a few times over.
        time.sleep(BROKER_SECONDS)

    assert len(heard.texts["celery"]) > 100


BROKER_SECONDS = 10
COMMANDS = (
    ("check", "--deploy"),
    ("sendtestemail", "alguem@example.com"),
    ("process_webhooks", "--json"),
    ("create_api_token", "--user", "ninguem"),
)


def test_commands_say_no_secret(heard: Heard, tmp_path: Any) -> None:
    env = environment(tmp_path)
    codes = {command[0]: run(heard, env, "manage.py", *command) for command in COMMANDS}

    assert codes["process_webhooks"] == 0
    assert codes["sendtestemail"] != 0


# Each wrong in a way of its own; what is wrong is said by its name.
WRONG = {
    "no such server": {"DATABASE_URL": GONE},
    "a port that is none": {"DATABASE_URL": GONE.replace(":9/", ":porta/")},
    "no such scheme": {"DATABASE_URL": GONE.replace("postgresql", "oracol")},
    "a short key": {"SECRET_KEY": MARKS["SECRET_KEY"][:49]},
    "no key of Fernet": {"FIELD_ENCRYPTION_KEYS": MARKS["FIELD_ENCRYPTION_KEYS"] + "x" * 20},
    "no broker's scheme": {"CELERY_BROKER_URL": f"fila://:{MARKS['CELERY_BROKER_URL']}@x/0"},
    "a mail port that is none": {"EMAIL_URL": f"smtp://a:{MARKS['EMAIL_URL']}@x:porta"},
    "no mail scheme": {"EMAIL_URL": f"correio://a:{MARKS['EMAIL_URL']}@x:25"},
    "no project": {"SENTRY_DSN": f"https://{MARKS['SENTRY_DSN']}@sentry.example/"},
    "no Sentry scheme": {"SENTRY_DSN": f"ftp://{MARKS['SENTRY_DSN']}@sentry.example/1"},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_start_that_fails_says_no_secret(heard: Heard, tmp_path: Any, what: str) -> None:
    run(heard, environment(tmp_path, **WRONG[what]), "manage.py", "migrate", "--check")


def test_a_secret_that_is_printed_is_found(tmp_path: Any) -> None:
    heard = Heard()
    run(heard, environment(tmp_path), "-c", "import os; print(os.environ['SECRET_KEY'])")

    assert "environment SECRET_KEY" in heard.leaks[0]
