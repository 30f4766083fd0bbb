"""Processes of the demonstration: started, watched, brought back, stopped in order."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.core.management.base import CommandError

STOP_SECONDS = 20
# A process that dies more often than this is not coming back by itself.
MOST_DEATHS, PATIENCE_SECONDS = 5, 120
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def _die_with_parent() -> None:
    """Have Linux end the child when the supervisor is killed without a chance to do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)


@dataclass
class Child:
    """One process, with its log and the times it died."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    due_at: float | None = None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  no threads here yet
            )

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start it again, later each time; give up when it keeps dying."""
        now = time.monotonic()
        if self.due_at is None:
            self._end_family()
            recent = [death for death in self.deaths if now - death < PATIENCE_SECONDS]
            self.deaths = [*recent, now]
            if len(self.deaths) > MOST_DEATHS:
                end = f"Fim de {self.log}:\n{self.tail()}"
                raise CommandError(f"{self.name} não para em pé. {end}")
            self.due_at = now + 2 ** (len(self.deaths) - 1)
        elif now >= self.due_at:
            self.due_at = None
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.is_alive():
            self.process.terminate()

    def wait_stopped(self) -> None:
        """Wait for the end, at most STOP_SECONDS; nothing of its family is left."""
        if self.process is None:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_family()

    def _end_family(self) -> None:
        """Kill what a process that was killed leaves behind: a worker's pool, its beat."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def tail(self, lines: int = 15) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Supervisor:
    """Keeps children running until told to stop."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = environment
        self._children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *command: str) -> Child:
        """Start a child; it will be brought back when it dies."""
        log = self._logs / f"{name}.log"
        log.unlink(missing_ok=True)
        child = Child(name, command, self._environment, log)
        child.start()
        self._children.append(child)
        return child

    def watch(self, also: Callable[[], None]) -> None:
        """Bring back whatever dies, for ever; `also` is done at each round."""
        while True:
            also()
            for child in self._children:
                if not child.is_alive():
                    child.revive()
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the children, last started first asked; returns when all are gone."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # once asked is enough
        for child in reversed(self._children):
            child.ask_to_stop()
        for child in reversed(self._children):
            child.wait_stopped()

    def wait_for(self, child: Child, url: str, seconds: float = 90) -> None:
        """Wait until `url` answers 200; the end of the child's log explains a failure."""
        deadline = time.monotonic() + seconds
        while not answers(url):
            if not child.is_alive() or time.monotonic() > deadline:
                raise CommandError(f"{child.name} não subiu. Fim de {child.log}:\n{child.tail()}")
            time.sleep(0.1)


def answers(url: str) -> bool:
    """Tell whether `url` answers 200."""
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310  our own http address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def check_port_is_free(port: int, variable: str) -> None:
    """Stop with a clear sentence when something else listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"A porta {port} já está em uso. Feche o que a usa ou escolha outra: "
                f"{variable}={port + 1} make demo"
            ) from error
