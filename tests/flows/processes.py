"""The product as separate processes on a database of their own, to be killed at will."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """Return the URL of the database that this test is connected to."""
    settings = connection.settings_dict
    host = quote(str(settings["HOST"]), safe="")
    user = settings["USER"] or "postgres"
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    return f"postgresql://{user}{password}@{host}:{settings['PORT'] or 5432}/{settings['NAME']}"


def environment(url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "settings.test",
        "PYTHONWARNINGS": "ignore",
    }


class Import:
    """`manage.py import_portfolio` in a process of its own."""

    def __init__(self, creditor_id: int, url: str, *options: str) -> None:
        command = [sys.executable, "manage.py", "import_portfolio", "--json"]
        self._process = subprocess.Popen(
            [*command, "--creditor", str(creditor_id), *options],
            cwd=ROOT,
            env=environment(url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def finish(self, timeout: float = 120) -> tuple[int, dict[str, Any]]:
        """Wait for its end; returns its exit code and its summary."""
        out, err = self._process.communicate(timeout=timeout)
        lines = [line for line in out.splitlines() if line.startswith("{")]
        assert lines, f"no summary: {out}{err[-2000:]}"
        return self._process.returncode, json.loads(lines[-1])

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something another process is about to do; the limit only ends a hang."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)
