"""A web server of the bench's own, and as many requests as it answers.

The client sends bytes made beforehand over connections that stay open, and reads no more of an
answer than it must: what is measured is the server.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Thread

WORKERS, THREADS, CONNECTIONS = 2, 4, 8


@contextmanager
def gunicorn(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """Serve an application as the Dockerfile does; yields the port."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS),
        "--keep-alive", "60", "--preload", "--log-level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def requests_per_second(port: int, make: Callable[[int], bytes], number: int) -> float:
    """Send `number` requests, made from their serial numbers, and return the pace."""
    each = number // CONNECTIONS
    batches = [[make(lane * each + i) for i in range(each)] for lane in range(CONNECTIONS)]
    faults: list[str] = []
    lanes = [Thread(target=_lane, args=(port, batch, faults)) for batch in batches]
    started = time.perf_counter()
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    took = time.perf_counter() - started
    if faults:
        raise RuntimeError(faults[0])
    return each * CONNECTIONS / took


def _lane(port: int, batch: list[bytes], faults: list[str]) -> None:
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in batch:
            head = answer_to(line, request)
            if not head.startswith(b"HTTP/1.1 200"):
                faults.append(head.decode())
                return


def answer_to(line: socket.socket, request: bytes) -> bytes:
    """Ask, and read the answer whole: its head, which says how long its body is, comes back."""
    line.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(line)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
    while len(body) < length:
        body += _more(line)
    return head


def _more(line: socket.socket) -> bytes:
    part = line.recv(4096)
    if not part:
        raise RuntimeError("the server hung up")
    return part


def post(path: str, body: bytes, **headers: str) -> bytes:
    """Return a request, ready to be sent."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body
