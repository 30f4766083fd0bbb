"""Settings: production refuses what is missing, and everything is said by name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from settings import embedded
from settings.base import embedded_broker

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "settings.production",
    "DATABASE_URL": "postgresql://a@127.0.0.1:1/a",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "k" * 25 + "0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "SITE_URL": "https://cobranca.example",
    "ALLOWED_HOSTS": "cobranca.example",
}
READ = "from django.conf import settings; print(settings.{name})"


def read_setting(name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", READ.format(name=name)],
        env={**clean, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DJANGO_SETTINGS_MODULE"])
def test_production_names_what_is_missing(name, tmp_path):
    environment = {k: v for k, v in PRODUCTION.items() if k != name}

    process = read_setting("DEBUG", {**environment, "COBRANCA_HOME": str(tmp_path)})

    assert process.returncode != 0
    assert "ImproperlyConfigured" in process.stderr
    assert name in process.stderr.splitlines()[-1]


@pytest.mark.parametrize("weak", ["changeme" * 10, "django-insecure-" + "x" * 60, "short"])
def test_production_refuses_a_weak_secret(weak, tmp_path):
    process = read_setting(
        "DEBUG", {**PRODUCTION, "SECRET_KEY": weak, "COBRANCA_HOME": str(tmp_path)}
    )

    assert "SECRET_KEY ausente ou fraca" in process.stderr
    assert weak not in process.stderr


def test_production_refuses_a_key_that_opens_nothing(tmp_path):
    sound = PRODUCTION["FIELD_ENCRYPTION_KEYS"]
    process = read_setting(
        "DEBUG",
        {
            **PRODUCTION,
            "FIELD_ENCRYPTION_KEYS": f"{sound},{'x' * 44}",
            "COBRANCA_HOME": str(tmp_path),
        },
    )

    assert "FIELD_ENCRYPTION_KEYS inválida" in process.stderr
    assert "x" * 44 not in process.stderr.splitlines()[-1]


def test_a_mail_server_that_does_not_answer_is_not_waited_for_for_ever(tmp_path):
    process = read_setting("EMAIL_TIMEOUT", {**PRODUCTION, "COBRANCA_HOME": str(tmp_path)})

    assert process.stdout.strip() == "30", process.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("f" * 60)
    environment = {k: v for k, v in PRODUCTION.items() if k != "SECRET_KEY"}

    process = read_setting(
        "SECRET_KEY", {**environment, "SECRET_KEY_FILE": str(file), "COBRANCA_HOME": str(tmp_path)}
    )

    assert process.stdout.strip() == "f" * 60, process.stderr


def test_the_web_process_is_production_unless_told_otherwise(tmp_path):
    environment = {k: v for k, v in PRODUCTION.items() if k != "DJANGO_SETTINGS_MODULE"}
    code = "import settings.wsgi; from django.conf import settings as s; print(s.SETTINGS_MODULE)"

    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT),
             "COBRANCA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )  # fmt: skip

    assert process.stdout.strip() == "settings.production", process.stderr


def test_without_a_broker_messages_go_through_our_own_database():
    database = {"USER": "ana", "PASSWORD": "p@ss", "HOST": "/a b/c", "PORT": 5433, "NAME": "x"}

    assert embedded_broker(database) == (
        "sqla+postgresql+psycopg://ana:p%40ss@/x?host=%2Fa+b%2Fc&port=5433"
    )


def test_handles_of_killed_processes_do_not_keep_the_embedded_server_up(tmp_path):
    handles = tmp_path / ".handle_pids.json"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    handles.write_text(json.dumps([ended.pid, os.getpid()]))

    embedded._forget_the_dead(tmp_path)

    assert json.loads(handles.read_text()) == [os.getpid()]


@pytest.mark.django_db
def test_tests_do_not_send_what_they_write_to_the_demonstration():
    assert settings.CELERY_BROKER_URL == "memory://"
    assert settings.DATABASES["default"]["NAME"].startswith("test_")
