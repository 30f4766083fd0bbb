"""An ERP that gives back the credentials it is sent: in every answer, spelled in every way."""

import base64
import html
import json
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any
from urllib.parse import quote, quote_plus

from tests.serving import Served, threaded

STATUSES = (200, 400, 401, 302, 403, 404, 409, 422, 429, 500, 503)
KINDS = ("application/json", "text/html", "text/plain")


def spelled(authorization: str, body: str) -> dict[str, str]:
    """Return the credentials of a request in all the ways a careless server writes them."""
    scheme, _, pair = authorization.partition(" ")
    user, _, password = base64.b64decode(pair or "").decode(errors="replace").partition(":")
    plain = password.encode()
    return {
        "raw": password,
        "header": f"{scheme} {pair}",
        "pair": f"{user}:{password}",
        "base64": base64.b64encode(plain).decode(),
        "base64 of a sentence": base64.b64encode(b"a senha e " + plain + b".").decode(),
        "base64 for addresses": base64.urlsafe_b64encode(b"x" + plain).decode(),
        "url": quote(password, safe=""),
        "form": quote_plus(password).lower(),
        "json": json.dumps(password),
        "html": html.escape(password),
        "hex": plain.hex(),
        "wrong charset": plain.decode("latin-1"),
        "your request": body,
    }


def _token_in(body: str) -> dict[str, str]:
    """Return the token that a body brings, under names that do not tell what it is."""
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    token = told.get("token") if isinstance(told, dict) else None
    if not isinstance(token, str):
        return {}
    plain = token.encode()
    return {
        "meu apelido": token,
        "apelido em base64": base64.b64encode(b"y" + plain).decode(),
        "apelido em hex": plain.hex().upper(),
        "apelido com data": f"2026-11-22/{token}/fim",
    }


class Echoing(Served):
    """A server whose answers go round through STATUSES and KINDS."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._turns = count()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

        def answer(handler: Handler) -> None:
            outer.answer(handler)

        for verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{verb}", answer)
        super().__init__(threaded(Handler))

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Give back what was sent."""
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length).decode(errors="replace")
        told = spelled(handler.headers.get("Authorization", ""), body) | _token_in(body)
        turn = next(self._turns)
        status, kind = STATUSES[turn % len(STATUSES)], KINDS[turn // len(STATUSES) % len(KINDS)]
        self.asked.append(f"{handler.command} {handler.path} {status}")
        payload = _payload(told, kind)
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header(
            "Location", f"https://outro.example/?p={told['url']}&h={told['pair']!a}"
        )
        handler.send_header("X-Echo", told["base64"])
        handler.send_header("X-Apelido", told.get("meu apelido", ""))
        handler.send_header("WWW-Authenticate", f"Basic realm={told['url']}")
        handler.send_header("Content-Length", str(len(payload)))
        handler.end_headers()
        handler.wfile.write(payload)


def _payload(told: dict[str, str], kind: str) -> bytes:
    if kind != "application/json":
        return "\n".join(f"<p>{name}: {text}</p>" for name, text in told.items()).encode()
    message = " ".join(told.values())
    body = {
        "status": 400,
        "clientMessage": message,
        "developerMessage": message,
        "resultSetMetadata": {"count": 1, "offset": 0, "limit": 200},
        "results": [{"id": 1, "name": message, **told}],
        "data": [{"id": 1, "clientName": message, **told}],
    }
    return json.dumps(body).encode()
