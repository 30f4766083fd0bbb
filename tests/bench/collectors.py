"""Collectors at work: as many connections as there are people, each asking at its own pace."""

import random
import socket
import time
from collections.abc import Callable, Sequence
from statistics import quantiles
from threading import Thread

from tests.bench.load import answer_to


def get(path: str, cookie: str) -> bytes:
    """Return a request for a page, ready to be sent."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: identity"]
    return "\r\n".join([*lines, f"Cookie: {cookie}", "", ""]).encode()


def p95_ms(
    port: int, cookies: Sequence[str], path: Callable[[int, int], str], times: int, pause: float
) -> float:
    """Have one collector a cookie ask `times`, resting about `pause` seconds; 95th percentile, ms.

    `path` tells, from collector and turn, what is asked for.
    """
    spent: list[float] = []
    faults: list[str] = []

    def work(number: int) -> None:
        rest = random.Random(number)
        requests = [get(path(number, turn), cookies[number]) for turn in range(times)]
        with socket.create_connection(("127.0.0.1", port), 30) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in requests:
                time.sleep(rest.uniform(0.5, 1.5) * pause)
                started = time.perf_counter()
                head = answer_to(line, request)
                spent.append((time.perf_counter() - started) * 1000)
                if not head.startswith(b"HTTP/1.1 200"):
                    faults.append(f"{request[:80]!r}: {head[:200]!r}")

    people = [Thread(target=work, args=(number,)) for number in range(len(cookies))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    if faults:
        raise RuntimeError(faults[0])
    return quantiles(spent, n=20)[-1]


def one_by_one_ms(port: int, cookie: str, paths: Sequence[str]) -> list[float]:
    """Ask for pages one after another; return how long each took, ms."""
    spent = []
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for path in paths:
            started = time.perf_counter()
            head = answer_to(line, get(path, cookie))
            spent.append((time.perf_counter() - started) * 1000)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{path}: {head[:200]!r}")
    return spent
