"""A subscriber of the test: keeps what it is told and answers as told."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """One delivery as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answering:
    """How the next ones are answered."""

    status: int = 200
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0
    location: str | None = None
    drip: bool = False


class Listener:
    """Listens on a free port until stopped."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answering = Answering()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.heard.append(Heard(self.path, headers, self.rfile.read(length)))
                outer.answer(self)

            def do_GET(self) -> None:
                outer.heard.append(Heard(f"GET {self.path}", {}, b""))
                outer.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/sienge/17/?a=1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        how = self.answering
        if how.drip:
            for _ in range(50):
                handler.wfile.write(b"H")
                handler.wfile.flush()
                time.sleep(0.2)
            return
        time.sleep(how.seconds)
        handler.send_response(how.statuses.pop(0) if how.statuses else how.status)
        if how.location:
            handler.send_header("Location", how.location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def wait_for(self, wanted: int, seconds: float = 10) -> list[Heard]:
        limit = time.monotonic() + seconds
        while len(self.heard) < wanted:
            assert time.monotonic() < limit, f"heard {len(self.heard)} of {wanted}"
            time.sleep(0.01)
        return self.heard

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
