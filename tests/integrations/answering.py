"""A tiny real HTTP server that answers what a test told it to, call by call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from time import sleep
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tests.serving import Served, threaded


@dataclass
class Answer:
    """One answer; `cut` sends so many bytes of the body and hangs up, `drop` hangs up at once.

    `late` lets the caller wait so many seconds.
    """

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drop: bool = False
    late: float = 0

    @property
    def payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else msgspec.json.encode(self.body)


@dataclass
class Asked:
    """A request as it arrived."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    verb: str = "GET"
    body: bytes = b""

    @property
    def sent(self) -> Any:
        """What the body says."""
        return msgspec.json.decode(self.body) if self.body else None


class Answering(Served):
    """Serves answers in order, the last one for ever; or what `route` makes of each request."""

    def __init__(self, *answers: Answer, route: Callable[[Asked], Answer] | None = None) -> None:
        self.answers, self.route = list(answers), route
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet, or each answer waits for an ACK

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        for verb in ("POST", "PUT", "DELETE"):
            setattr(Handler, f"do_{verb}", Handler.do_GET)
        super().__init__(threaded(Handler))

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        query, headers = dict(parse_qsl(parts.query)), dict(handler.headers)
        asked = Asked(parts.path, query, headers, handler.command, body)
        self.asked.append(asked)
        answer = self.route(asked) if self.route else self._next()
        if answer.drop:
            handler.close_connection = True
            return
        payload = answer.payload
        if answer.late:
            sleep(answer.late)
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(payload)))
        handler.end_headers()
        handler.wfile.write(payload if answer.cut is None else payload[: answer.cut])
        handler.wfile.flush()
        handler.close_connection = answer.cut is not None

    def _next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
