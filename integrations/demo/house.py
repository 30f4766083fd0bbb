"""The demonstration from start to stop."""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cobranca.scheduling.broker import forget_delivered
from cobranca.scheduling.installation import install_schedules
from integrations.demo import people, portfolio
from integrations.demo.database import keep_running
from integrations.demo.processes import Child, Supervisor, check_port_is_free

CONTRACTS, SEED = 2500, 2026
Say = Callable[[str], None]


class House:
    """Everything that `make demo` starts, in the order in which it is needed."""

    def __init__(self, home: Path, say: Say) -> None:
        self.home = home
        self.say = say
        self.port = int(os.environ.get("PORT", "8000"))
        self.sandbox_port = int(os.environ.get("SANDBOX_PORT", "8900"))
        self.url = f"http://127.0.0.1:{self.port}"
        # The address that the simulator's announcements are sent to.
        settings.SITE_URL = self.url
        self.sandbox = f"http://127.0.0.1:{self.sandbox_port}"
        self.file = home / "demo.json"
        self.pid_file = home / "demo.pid"
        self.supervisor = Supervisor(home / "logs", self._environment())

    def _environment(self) -> dict[str, str]:
        """Return what the children need to meet in the same places as this process."""
        metrics = self.home / "metrics"
        return {
            "DJANGO_SETTINGS_MODULE": str(settings.SETTINGS_MODULE),
            # Only this process holds the embedded server: it stops last.
            "DATABASE_URL": settings.DATABASE_URL,
            "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
            "COBRANCA_HOME": str(self.home),
            "SITE_URL": self.url,
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        }

    def run(self) -> None:
        """Set up, serve until told to stop, stop cleanly."""
        check_port_is_free(self.port, "PORT")
        check_port_is_free(self.sandbox_port, "SANDBOX_PORT")
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores SIGINT
            signal.signal(number, signal.default_int_handler)
        self.pid_file.write_text(str(os.getpid()))
        try:
            self._open()
            self.supervisor.watch(also=keep_running)
        except KeyboardInterrupt:
            self.say("\nParando…")
        finally:
            self.supervisor.stop()
            self.pid_file.unlink(missing_ok=True)
        self.say("Parado. Os dados ficam em " + str(self.home))

    def _open(self) -> None:
        self.say("Preparando o banco de dados…")
        prepare_database()
        known = people.Known.read(self.file)
        cast = people.ensure_people(known)
        token = people.ensure_token(known)
        self._write(cast, token)
        sandbox = self._start_sandbox()
        # From the second start on the web comes up while the simulator does.
        web = self._start_web() if portfolio.is_in() else None
        self.supervisor.wait_for(sandbox, f"{self.sandbox}/_sandbox/state")
        portfolio.set_up(self.sandbox, self.say)
        install_schedules()
        web = web or self._start_web()
        self.supervisor.wait_for(web, f"{self.url}/health/ready")
        self.supervisor.start("worker", *WORKER)
        self._greet(cast)

    def _start_sandbox(self) -> Child:
        self.say("Abrindo o simulador do Sienge…")
        return self.supervisor.start(
            "sandbox-sienge",
            *(sys.executable, "-m", "integrations.sandbox", "sienge"),
            *("--port", str(self.sandbox_port), "--seed", str(SEED)),
            *("--contracts", str(CONTRACTS), "--state", str(self.home / "sandbox" / "sienge")),
        )

    def _start_web(self) -> Child:
        self.say("Abrindo o servidor web…")
        metrics = self.home / "metrics"
        metrics.mkdir(exist_ok=True)
        for old in metrics.glob("*.db"):
            old.unlink()
        return self.supervisor.start("web", *WEB, "--bind", f"127.0.0.1:{self.port}")

    def _write(self, cast: list[people.Person], token: str) -> None:
        """Write what scripts need; only the owner may read it."""
        data: dict[str, Any] = {
            "url": self.url,
            "users": [asdict(person) for person in cast],
            "sandboxes": {"sienge": self.sandbox},
            "token": token,
        }
        self.file.touch(mode=0o600)
        self.file.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")

    def _greet(self, cast: list[people.Person]) -> None:
        self.say(f"\n{self.url}\n")
        for agency in dict.fromkeys(person.agency for person in cast):
            self.say(f"# {agency}")
            for person in cast:
                if person.agency == agency:
                    self.say(f"{person.role} {person.username} {person.password}")
        self.say(f"\nSimulador do Sienge: {self.sandbox}/_sandbox/   Ctrl-C para tudo.")


WEB = (
    *(sys.executable, "-m", "gunicorn", "settings.wsgi:application"),
    *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
    *("--graceful-timeout", "10", "--log-level", "warning"),
)
WORKER = (
    *(sys.executable, "-m", "celery", "-A", "settings.celery_app", "worker", "--beat"),
    *("--loglevel", "WARNING", "--concurrency", "2"),
)


def prepare_database() -> None:
    """Bring the schema up to date, with the tables that Django and kombu keep beside ours."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    try:
        # Made here once, so that web and worker do not both create the broker's tables.
        with current_app.connection_for_write() as broker:
            broker.SimpleQueue("celery").qsize()
    except OSError as error:
        raise CommandError(f"O broker não responde: {error}") from error
    forget_delivered()
