"""The supervisor of `make demo`: brings back what dies, stops everything it started."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.core.management.base import CommandError

from integrations.demo import processes
from integrations.demo.processes import Child, Supervisor, check_port_is_free

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
DEAF = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ouvindo', flush=True); time.sleep(600)",
)


class Enough(Exception):
    """Ends a watch."""


@pytest.fixture
def supervisor(tmp_path):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    supervisor = Supervisor(tmp_path / "logs", {})
    yield supervisor
    supervisor.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_stopping_ends_every_child(supervisor):
    children = [supervisor.start(f"c{number}", *SLEEP) for number in range(2)]
    pids = [child.process.pid for child in children]

    supervisor.stop()

    assert not any(map(is_running, pids))


def test_a_child_deaf_to_the_request_is_killed(supervisor, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    child = supervisor.start("surdo", *DEAF)
    until(lambda: child.tail() == "ouvindo")

    supervisor.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_what_dies_is_brought_back(supervisor):
    child = supervisor.start("c", *SLEEP)
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 20

    def enough() -> None:
        if (child.is_alive() and child.process.pid != first) or time.monotonic() > deadline:
            raise Enough

    with pytest.raises(Enough):
        supervisor.watch(also=enough)

    assert child.is_alive()


def test_the_family_of_what_was_killed_does_not_outlive_it(supervisor):
    code = (
        f"import subprocess, time; child = subprocess.Popen({SLEEP!r});"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    child = supervisor.start("c", sys.executable, "-c", code)
    until(lambda: child.tail() != "")
    grandchild = int(child.tail())
    child.process.kill()
    child.process.wait()

    child.revive()

    until(lambda: not is_running(grandchild))


def test_what_keeps_dying_is_given_up_with_its_last_words(tmp_path):
    log = tmp_path / "c.log"
    log.write_text("primeira\núltima palavra\n")
    child = Child("web", SLEEP, {}, log, deaths=[time.monotonic()] * processes.MOST_DEATHS)

    with pytest.raises(CommandError, match=r"(?s)web não para em pé.*última palavra"):
        child.revive()


def test_waiting_for_a_child_that_ends_says_what_it_wrote(supervisor):
    child = supervisor.start("web", sys.executable, "-c", "raise SystemExit('sem banco')")

    with pytest.raises(CommandError, match="sem banco"):
        supervisor.wait_for(child, "http://127.0.0.1:1/health/ready", seconds=10)


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    code = (
        "import time, sys; from pathlib import Path;"
        "from integrations.demo.processes import Supervisor;"
        f"child = Supervisor(Path({str(tmp_path)!r}), {{}}).start('c', *{SLEEP!r});"
        "print(child.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.stdout.close()

    parent.kill()
    parent.wait()

    until(lambda: not is_running(pid))


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"A porta {port} já está em uso.*PORT={port + 1}"):
            check_port_is_free(port, "PORT")
