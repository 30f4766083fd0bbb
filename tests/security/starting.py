"""The product's own processes, started as in production with marked secrets, and all they say."""

import base64
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.db import connection

from tests.security.marking import Secret, found_in

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL",
    "SENTRY_DSN", "METRICS_TOKEN",
)  # fmt: skip
SECRETS = [Secret(f"environment {name}") for name in NAMES]
BIN = Path(sys.executable).parent
NOBODY = "127.0.0.1:9"  # the port of "discard": nobody listens there


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, **changes: str) -> dict[str, str]:
    """Return production's environment: every secret marked, no broker, mail or Sentry there."""
    core = {name: secret.core for name, secret in zip(NAMES, SECRETS, strict=True)}
    here = connection.settings_dict
    # The embedded server is a folder with a socket in it.
    host = quote(str(here["HOST"] or "localhost"), safe="")
    place = f"{host}:{here['PORT'] or 5432}/{here['NAME']}"
    key = base64.urlsafe_b64encode(core["FIELD_ENCRYPTION_KEYS"].ljust(32, "x").encode()).decode()
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "settings.production",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COBRANCA_HOME": str(home),
        "SITE_URL": "https://cobranca.example",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "SECRET_KEY": core["SECRET_KEY"] + "x" * 30,
        "FIELD_ENCRYPTION_KEYS": key,
        "DATABASE_URL": f"postgresql://{here['USER']}:{core['DATABASE_URL']}@{place}",
        "CELERY_BROKER_URL": f"redis://:{core['CELERY_BROKER_URL']}@{NOBODY}/0",
        "EMAIL_URL": f"smtp+tls://correio:{core['EMAIL_URL']}@{NOBODY}",
        "SENTRY_DSN": f"http://{core['SENTRY_DSN']}@{NOBODY}/1",
        "METRICS_TOKEN": core["METRICS_TOKEN"],
        **changes,
    }


@dataclass
class Heard:
    """What processes and their answers said, and what of it gives a secret away."""

    texts: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, text: str) -> None:
        self.texts[what] = self.texts.get(what, "") + text

    @property
    def leaks(self) -> list[str]:
        """Return what gives which secrets away, with where."""
        return [
            f"{what}: {places}\n{_around(text)}"
            for what, text in self.texts.items()
            if (places := found_in(text, SECRETS))
        ]


def _around(text: str) -> str:
    lines = [line for line in text.splitlines() if found_in(line, SECRETS)]
    return "\n".join(line[:400] for line in lines[:5])


def run(heard: Heard, env: dict[str, str], *command: str, wait: float = 60) -> int:
    """Run a command to its end; note its output and how it was started."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=wait, check=False,
    )  # fmt: skip
    heard.note(f"{' '.join(command)} ({done.returncode})", f"{done.stdout}\n{done.stderr}")
    return done.returncode


@contextmanager
def running(heard: Heard, env: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for the block; note its output and, while it runs, its family's arguments."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield process
            heard.note(f"arguments of {command[0]}", arguments(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            output.seek(0)
            heard.note(command[0], output.read().decode(errors="replace"))


def arguments(session: int) -> str:
    """Return the command lines of a session: what anybody on the machine may read of it."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if int((place / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                found.append((place / "cmdline").read_bytes().decode(errors="replace"))
        except (OSError, IndexError):
            continue  # it ended meanwhile
    assert found
    return "\n".join(found)


def answer(url: str, **headers: str) -> tuple[int, str]:
    """Return an answer's status and all it says; 0 while nobody listens."""
    try:
        with urlopen(Request(url, headers=headers), timeout=30) as told:
            return told.status, f"{told.headers}\n{told.read().decode(errors='replace')}"
    except HTTPError as told:
        return told.code, f"{told.headers}\n{told.read().decode(errors='replace')}"
    except OSError:
        return 0, ""


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.1)
