"""What a call to another system is, and the log that keeps both sides of it without secrets."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

import msgspec
import structlog
from django.db import DatabaseError, transaction
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.common.masking import MASK, NAMED_SECRET, redact
from integrations.core.erasing import Eraser
from integrations.core.errors import IntegrationError
from integrations.core.models import IntegrationLog

REST, BULK = "rest", "bulk"
# What is kept of an answer: enough to see what came, not a copy of the portfolio.
BODY_LIMIT = 20 * 1024
LONGEST_SECRET = 4096
_HIDDEN_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
# Report links open for whoever has them: what signs them is not written down.
_SIGNED = re.compile(r'(https?://[^\s"?<>]+\?)[^\s"<>]+', re.IGNORECASE)
_read_exactly = msgspec.json.Decoder(float_hook=Decimal)
_write_exactly = msgspec.json.Encoder(decimal_format="number")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Call:
    """One request: its name in the log, its address, and the permission it needs over there.

    `body` is what a write sends, to be told as JSON. A read that `tells_refusal` fails with the
    provider's own words when it is refused: nothing in its question is secret.
    """

    method: str
    url: str
    resource: str
    params: Mapping[str, str] = field(default_factory=dict)
    pool: str = REST
    contract: str = ""
    verb: str = "GET"
    body: Any = None
    tells_refusal: bool = False


@dataclass
class Entry:
    """What the log will say of a call; filled while the call goes on."""

    call: Call
    at: datetime
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    # What came back, the head of it.
    body: bytes = b""
    size: int = 0
    rows: int | None = None
    error: str = ""
    duration_ms: int = 0

    def sent(self, url: str, headers: Mapping[str, str]) -> None:
        """Remember how the request left."""
        self.url, self.headers = url, headers

    def answered(self, status: int, body: bytes) -> None:
        """Remember the answer (the head of it, for a long one)."""
        self.status, self.body, self.size = status, body, len(body)


@dataclass(frozen=True)
class Caller:
    """On whose behalf calls are made, and what must never be written down of it."""

    agency_id: int
    kind: str  # the integration's name in the log
    user: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    creditor_id: int | None = None
    run_id: int | None = None


class CallJournal:
    """Writes one IntegrationLog row a call, for one agency; a row that fails breaks nothing.

    Rows are written outside any transaction of the caller's where there is none (loads hold none
    while they read), so that a load that fails keeps the log of what it asked.
    """

    def __init__(self, caller: Caller, now: Callable[[], datetime] = clock.now) -> None:
        self.now = now
        self._caller = caller
        self._eraser = Eraser(caller.user, caller.secrets)
        # What the load asks for, shown with each request (data_ini, data_fin).
        self.window: Mapping[str, str] = {}

    @contextmanager
    def record(self, call: Call) -> Iterator[Entry]:
        """Hand out the entry of a call and write it when the call is over, well or badly."""
        entry = Entry(call, self.now())
        started = perf_counter()
        try:
            yield entry
        except IntegrationError as error:
            entry.error = entry.error or error.message
            raise
        except BaseException as error:
            entry.error = entry.error or f"Interrompida: {type(error).__name__}"
            raise
        finally:
            entry.duration_ms = int((perf_counter() - started) * 1000)
            self._write(entry)

    def hide(self, secret: str) -> None:
        """Keep a secret that is about to be sent out of what is written down from now on."""
        self._eraser.learn(secret)

    def clean(self, text: str) -> str:
        """Return `text` without any secret of this connection."""
        return self._eraser.clean(text)

    def _write(self, entry: Entry) -> None:
        call, caller = entry.call, self._caller
        row = IntegrationLog(
            agency_id=caller.agency_id,
            at=entry.at,
            kind=caller.kind,
            method=call.method,
            verb=call.verb,
            url=self.clean(entry.url or call.url)[:500],
            request=self.clean(self._request_text(entry)),
            response=self._response_text(entry),
            status=entry.status,
            duration_ms=entry.duration_ms,
            error=self.clean(entry.error)[:300],
            contract=call.contract[:40],
            creditor_id=caller.creditor_id,
            run_id=caller.run_id,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except DatabaseError as error:
            _log.warning("integration_log_lost", method=call.method, error=type(error).__name__)

    def _request_text(self, entry: Entry) -> str:
        """Return the request as the log screen shows it (playbook 7.1.1), password never."""
        asked = entry.call.params
        facts = {
            "Usuario": self._caller.user,
            "Senha": "(oculta)",
            **self.window,
            **{name: asked[name] for name in ("offset", "limit") if name in asked},
        }
        headers = [
            f"{name}: {value}"
            for name, value in entry.headers.items()
            if name.lower() not in _HIDDEN_HEADERS
        ]
        told = ";\n".join(f"{name}:{value}" for name, value in facts.items() if value)
        sent = _readable(encode_body(entry.call.body)) if entry.call.body is not None else ""
        lines = [f"{entry.call.verb} {entry.url or entry.call.url}", *headers, told, sent]
        return "\n".join(line for line in lines if line)

    def _response_text(self, entry: Entry) -> str:
        # A secret across the limit is erased whole before the text is cut there.
        head = _readable(entry.body)[: BODY_LIMIT + LONGEST_SECRET]
        told = self._eraser.clean_head(_SIGNED.sub(rf"\1{MASK}", head))
        left = entry.size - BODY_LIMIT
        notes = [f"… {left} bytes omitidos"] if left > 0 else []
        if entry.rows is not None:
            notes.append(f"{entry.rows} linhas, {entry.size} bytes")
        return "\n".join([told[:BODY_LIMIT], *notes])


def encode_body(body: Any) -> bytes:
    """Return what a write sends: amounts as exact JSON numbers."""
    return _write_exactly.encode(body)


def forget_calls(agency: Agency, before: datetime) -> int:
    """Delete an agency's log rows older than `before`; returns how many there were."""
    with scope(agency=agency):
        return int(IntegrationLog.objects.filter(at__lt=before).delete()[0])


def _readable(body: bytes) -> str:
    """Return a body as text, secrets masked by the names they stand under."""
    try:
        decoded: Any = _read_exactly.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        cut = body[:BODY_LIMIT].decode("utf-8", "ignore")
        return NAMED_SECRET.sub(rf"\1{MASK}", cut)
    return _write_exactly.encode(redact(decoded)).decode()
