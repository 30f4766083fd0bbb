"""HTTP/1.1 with keep-alive on the standard library, for any simulator."""

import contextlib
import io
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from integrations.sandbox.messages import ConnectionCut, Reply, Request, StreamEnded

Answer = Callable[[Request], Reply]

# One HTTP chunk per 64 KiB: one per item would spend the time in system calls.
_CHUNK = 64 * 1024
_LINGER_ZERO = struct.pack("ii", 1, 0)


class SandboxServer(ThreadingHTTPServer):
    """Serves one simulator; stopping it also drops the connections kept alive."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, answer: Answer) -> None:
        self.answer = answer
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__((host, port), _Handler)

    def keep(self, connection: socket.socket) -> None:
        """Remember a connection so that stopping can drop it."""
        self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """Stop remembering a connection that ended by itself."""
        self._open.discard(connection)

    def stop(self) -> None:
        """Stop accepting, drop what is open, free the port."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave: they and the cuts of faults are normal here."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    disable_nagle_algorithm = True
    wbufsize = _CHUNK
    server: SandboxServer

    def setup(self) -> None:
        super().setup()
        self.server.keep(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the call log of the simulator is the place to look."""

    def do_GET(self) -> None:
        if self.server.stopping.is_set():
            self.close_connection = True
            return
        request = self._read()
        try:
            reply = self.server.answer(request)
        except Exception:  # noqa: BLE001 - a bug of the simulator must not look like the network
            reply = Reply(status=500, payload={"sandbox_bug": traceback.format_exc()})
        self._write(reply)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the library's names

    def _read(self) -> Request:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        host = self.headers.get("Host") or "{}:{}".format(*self.server.server_address[:2])
        return Request(
            method=self.command,
            path="/" + unquote(parts.path).strip("/"),
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
            root=f"http://{host}",
        )

    def _write(self, reply: Reply) -> None:
        mishap = reply.mishap
        if mishap.delay_seconds:
            self.server.stopping.wait(mishap.delay_seconds)
        if mishap.cut_before_headers:
            self._reset()
        elif reply.items is not None:
            self._write_stream(reply)
        else:
            self._write_whole(reply)

    def _head(self, reply: Reply, length: int | None) -> None:
        self.send_response(reply.status)
        if reply.status != 204:
            self.send_header("Content-Type", reply.content_type)
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.status != 204:
            self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.mishap.hang_seconds:
            self.wfile.flush()
            self.server.stopping.wait(reply.mishap.hang_seconds)

    def _write_whole(self, reply: Reply) -> None:
        body, mishap = reply.body(), reply.mishap
        if mishap.truncate_body:
            body = body[: len(body) // 2]
        self._head(reply, len(body))
        if mishap.cut_body_after is None:
            self.wfile.write(body)
            self.wfile.flush()
            return
        self.wfile.write(body[: min(mishap.cut_body_after, len(body) // 2)])
        self._reset()

    def _write_stream(self, reply: Reply) -> None:
        self._head(reply, None)
        buffer = bytearray(reply.opening)
        try:
            self._pump(reply, buffer)
            buffer += reply.closing
        except StreamEnded:
            pass
        except ConnectionCut:
            self._chunk(buffer)
            self._reset()
            return
        self._chunk(buffer)
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _pump(self, reply: Reply, buffer: bytearray) -> None:
        separator = b""
        for item in reply.items or ():
            buffer += separator
            buffer += item
            separator = b","
            if len(buffer) >= _CHUNK:
                self._chunk(buffer)
                buffer.clear()

    def _chunk(self, data: bytearray) -> None:
        if data:
            self.wfile.write(b"%x\r\n" % len(data) + data + b"\r\n")

    def _reset(self) -> None:
        """Flush, then end the connection with RST, as a crashed proxy does."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            # The handler's own files keep the descriptor open: without closing them the
            # close below would not reach the kernel.
            self.wfile.close()
            self.rfile.close()
            self.connection.close()
        # What remains of the library's handling of this request writes into the void.
        self.wfile, self.rfile = io.BytesIO(), io.BytesIO()
