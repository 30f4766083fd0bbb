"""The HTTP server, the background runner and the command."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
import requests

from integrations.sandbox.messages import Reply, Request
from integrations.sandbox.registry import build
from integrations.sandbox.running import start
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.simulator import Options

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 19)
BASIC = "Basic Y29uc3RydXRvcmEtY29icmFuY2E6c2FuZGJveC1zaWVuZ2U="


@pytest.fixture
def running():
    with start("sienge", contracts=3, on=TODAY) as served:
        yield served


def exchange(port: int, *paths: str) -> list[bytes]:
    """Send the requests over one connection, one after the other; return the first lines."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        lines = []
        file = connection.makefile("rb")
        for path in paths:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            lines.append(file.readline())
            headers = dict(iter(lambda: file.readline().strip().partition(b": ")[::2], (b"", b"")))
            file.read(int(headers[b"Content-Length"]))
        file.close()
        return lines


def test_one_connection_serves_many_requests(running):
    lines = exchange(running.port, *["/_sandbox/state"] * 3)

    assert lines == [b"HTTP/1.1 200 OK\r\n"] * 3


def test_stopping_drops_the_connections_kept_alive(running):
    with requests.Session() as session:
        session.get(f"{running.url}/_sandbox/state", timeout=5)
        running.stop()

        with pytest.raises(requests.ConnectionError):
            session.get(f"{running.url}/_sandbox/state", timeout=5)


def test_stopping_twice_does_no_harm(running):
    running.stop()
    running.stop()


def test_the_world_is_within_reach(running):
    assert running.world.contracts[812].bill_id == 5600


def test_a_bug_of_the_simulator_is_a_500_that_says_so():
    def answer(request: Request) -> Reply:
        raise RuntimeError("boom")

    server = SandboxServer("127.0.0.1", 0, answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    found = requests.get("http://{}:{}/".format(*server.server_address), timeout=5)
    server.stop()
    thread.join()

    assert found.status_code == 500
    assert "boom" in found.json()["sandbox_bug"]


def test_a_long_stream_does_not_fill_the_memory():
    simulator = build("sienge", Options(contracts=20, on=TODAY))
    query = {"startDate": "1990-01-01", "endDate": "2090-01-01", "selectionType": "D"}
    path = "/construtora/public/api/bulk-data/v1/income"
    asked = Request("GET", path, {k: [v] for k, v in query.items()}, {"authorization": BASIC})

    tracemalloc.start()
    reply = simulator.answer(asked)
    sizes = [len(item) for item in reply.items or ()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(sizes) > 1_000
    assert sum(sizes) > 2_000_000
    assert peak < 1_000_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_told_to_stop(tmp_path, number):
    command = [sys.executable, "-m", "integrations.sandbox", "sienge", "--port", "0"]
    options = ["--seed", "2", "--contracts", "3", "--date", "2026-11-19", "--state", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command + options, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[2]
        state = requests.get(f"{address}/_sandbox/state", timeout=5).json()
        process.send_signal(number)

        assert process.wait(10) == 0
    assert (state["sandbox"], state["date"], state["contracts_open"]) == ("sienge", "2026-11-19", 4)
    assert json.loads((tmp_path / "journal.jsonl").read_text())["seed"] == 2


def test_the_command_refuses_the_state_of_another_world(tmp_path):
    start("sienge", contracts=3, on=TODAY, state_dir=tmp_path).stop()
    command = [sys.executable, "-m", "integrations.sandbox", "sienge", "--port", "0"]

    done = subprocess.run(
        [*command, "--contracts", "4", "--state", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert done.returncode == 2
    assert "another world" in done.stderr
