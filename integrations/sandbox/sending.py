"""One POST to a subscriber: no redirect followed, and an end after so many seconds in all."""

import contextlib
import http.client
import socket
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

_LONGEST_ANSWER = 64 * 1024
_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104 - compared, never bound


class NotSent(Exception):
    """Nobody answered in time, or nobody was there; the text says which."""


def is_own_address(url: str, port: int | None) -> bool:
    """Whether a URL leads back to the server of this process."""
    parts = urlsplit(url)
    return port is not None and parts.port == port and parts.hostname in _LOCAL_NAMES


def post(url: str, headers: Mapping[str, str], body: bytes, *, seconds: float) -> int:
    """Send and return the status of the answer; NotSent when there is none in time."""
    limit = time.monotonic() + seconds
    try:
        connection = _connection(url, seconds)
        with contextlib.closing(connection):
            _ask(connection, url, headers, body)
            return _status(connection.sock, limit)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error


def _connection(url: str, seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an address of the web")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname, parts.port, timeout=seconds)


def _ask(
    connection: http.client.HTTPConnection, url: str, headers: Mapping[str, str], body: bytes
) -> None:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.putrequest("POST", target, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Connection", "close")
    connection.endheaders(body)


def _status(answering: socket.socket, limit: float) -> int:
    """Read the answer to its end, but not beyond the limit: a slow one that began well counts."""
    received = b""
    while b"\r\n" not in received:
        piece = _piece(answering, limit)
        if not piece:
            raise ValueError("the answer broke off")
        received += piece
    status = int(received.split(b" ", 2)[1][:3])
    with contextlib.suppress(OSError):
        while len(received) < _LONGEST_ANSWER and (piece := _piece(answering, limit)):
            received += piece
    return status


def _piece(answering: socket.socket, limit: float) -> bytes:
    left = limit - time.monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    answering.settimeout(left)
    return answering.recv(16 * 1024)
