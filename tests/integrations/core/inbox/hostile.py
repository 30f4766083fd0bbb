"""Requests as nobody should send them, made at random from a seed."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.integrations.core.inbox.tiny import TOKEN

METHODS = ("POST",) * 14 + ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "XYZ")
WORDS = (
    *("", "0", "5600", "PAID", "título", "\x00", "\ud800", "\u202e", "\x1b[31m", "' OR 1=1 --"),
    *("../../etc/passwd", "<script>alert(1)</script>", "${jndi:ldap://x}", "%s%s%n", "a" * 300),
    *("null", "NaN", "-1", "1e999", "9" * 400, "{}", "\r\nX-Evil: 1", "\u2028", "🦄", "ı", "٣"),
)
PIECES = (
    *(b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\u0000", b"\\ud800", b"\x00", b"\xff", b"\xc3"),
    *(b"null", b"true", b"1", b"-", b"1e5", b"title", b"installment", b"\xef\xbb\xbf", b"\r\n"),
)
LENGTHS = ("", "-1", "0", "1", "abc", "1e3", "65536", "65537", "9" * 30, "٣", " 5", "+5", "0x5")
TYPES = (
    *("application/json", "text/plain", "", "multipart/form-data", "application/xml", "x" * 500),
    *("application/x-www-form-urlencoded", "application/json; charset=utf-16", "\x00"),
)


@dataclass
class Hostile:
    """One request: what is sent, and what the WSGI server would make of it."""

    method: str
    path: str
    body: bytes
    environ: dict[str, Any] = field(default_factory=dict)


def requests(seed: int, agency: int, *, valid_share: float = 0.3) -> Iterator[Hostile]:
    """Yield requests for ever; some are right but for their surroundings."""
    chance = random.Random(seed)
    while True:
        body = _right(chance) if chance.random() < valid_share else _body(chance)
        yield Hostile(
            chance.choice(METHODS), _path(chance, agency), body, _environ(chance, len(body))
        )


def _path(chance: random.Random, agency: int) -> str:
    if chance.random() < 0.85:
        return f"/webhooks/tiny/{agency}" + chance.choice(("/", "", "/"))
    strange = ("0", "-1", "9" * 18, "9" * 40, "abc", "%00", "1.5", "٣", "..", str(agency) + "x")
    system = chance.choice(("tiny", "TINY", "sgs", "nothing", "..", "a" * 60, "%2e", ""))
    return f"/webhooks/{system}/{chance.choice(strange)}/"


def _environ(chance: random.Random, length: int) -> dict[str, Any]:
    environ: dict[str, Any] = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": "application/json"}
    environ["HTTP_X_EVENT"] = chance.choice(("PAID", "PAID", "PAID", _header(chance)))
    environ["HTTP_X_ID"] = chance.choice((str(chance.randrange(200)), "", _header(chance)))
    environ["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    for spoil in (_authorization, _length, _type, _strange, _chunked):
        if chance.random() < 0.08:
            spoil(chance, environ)
    return environ


def _header(chance: random.Random) -> str:
    """Return what a WSGI server hands on: bytes, told as Latin-1."""
    word = "".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 4)))
    return word.encode("utf-8", "replace").decode("latin-1")


def _authorization(chance: random.Random, environ: dict[str, Any]) -> None:
    given = (None, "", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN},Bearer {TOKEN}")
    told = chance.choice((*given, f"Bearer {_header(chance)}", TOKEN, f"bearer  {TOKEN} "))
    environ.pop("HTTP_AUTHORIZATION")
    if told is not None:
        environ["HTTP_AUTHORIZATION"] = told


def _length(chance: random.Random, environ: dict[str, Any]) -> None:
    environ["CONTENT_LENGTH"] = chance.choice(LENGTHS)


def _type(chance: random.Random, environ: dict[str, Any]) -> None:
    environ["CONTENT_TYPE"] = chance.choice(TYPES)


def _strange(chance: random.Random, environ: dict[str, Any]) -> None:
    names = ("HTTP_COOKIE", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_EXPECT", "HTTP_X_HOOK", "HTTP_RANGE")
    environ[chance.choice(names)] = _header(chance)


def _chunked(chance: random.Random, environ: dict[str, Any]) -> None:
    environ["HTTP_TRANSFER_ENCODING"] = chance.choice(("chunked", "gzip, chunked", "CHUNKED", "x"))
    if chance.random() < 0.5:
        environ["wsgi.input_terminated"] = True
        environ.pop("CONTENT_LENGTH")


# --- bodies ---------------------------------------------------------------------------------------


def _right(chance: random.Random) -> bytes:
    told = {"title": str(chance.randrange(50)), "installment": chance.randrange(1, 5)}
    return json.dumps(told).encode()


def _body(chance: random.Random) -> bytes:
    return chance.choice((_soup, _mutated, _typed, _deep, _large, _noise))(chance)


def _soup(chance: random.Random) -> bytes:
    return b"".join(chance.choice(PIECES) for _ in range(chance.randrange(40)))


def _mutated(chance: random.Random) -> bytes:
    body = bytearray(_right(chance))
    for _ in range(chance.randrange(1, 4)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body[: chance.randrange(len(body) + 1)] if chance.random() < 0.3 else body)


def _typed(chance: random.Random) -> bytes:
    names = ("title", "installment", "sale", *WORDS)
    told = {chance.choice(names): _value(chance, 3) for _ in range(chance.randrange(5))}
    return json.dumps(told, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _value(chance: random.Random, depth: int) -> Any:
    plain = (None, True, -1, 2**31, 2**63, 10**30, 1.5, -0.0, float("nan"), float("inf"))
    if depth == 0 or chance.random() < 0.6:
        return chance.choice((*plain, *WORDS))
    inside = [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    return inside if chance.random() < 0.5 else {str(n): v for n, v in enumerate(inside)}


def _deep(chance: random.Random) -> bytes:
    times = chance.randrange(1, 9000)
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return opening * times + (b"1" + closing * times if chance.random() < 0.5 else b"")


def _large(chance: random.Random) -> bytes:
    size = chance.choice((65_000, 65_536, 65_537, 100_000))
    return b'{"x":"' + b"a" * (size - 8) + b'"}'


def _noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(200))
