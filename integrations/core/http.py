"""The HTTP client of every connector: patient where it is safe, and it believes no bad answer.

What is not the JSON that was asked for (HTML, a cut body, nothing at all) is an error, never an
empty list. Only GET is repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import msgspec
import requests
import urllib3
from django.conf import settings
from requests.auth import HTTPBasicAuth

from integrations.core.budget import CallBudget, Timing
from integrations.core.calls import BODY_LIMIT, BULK, Call, CallJournal, Entry
from integrations.core.errors import (
    BudgetError,
    ConfigError,
    IntegrationError,
    NotGrantedError,
    PermanentError,
    RetryableError,
)

T = TypeVar("T")

CONNECT_TIMEOUT = 10.0
READ_TIMEOUTS = {BULK: 600.0}
READ_TIMEOUT = 60.0
BLOCK = 256 * 1024
_OK, _NOT_FOUND, _TOO_MANY = 200, 404, 429
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class CredentialsError(ConfigError):
    """The provider does not accept the user or the password (401)."""


class UnreachableError(RetryableError):
    """No connection could be made: the other resources of this provider will not answer either."""


@dataclass(frozen=True)
class Patience:
    """How often a read is tried, and how long is waited in between, in this process.

    Longer waits belong to whoever runs the load: they are raised, not slept.
    """

    tries: int = 3
    longest: float = 60.0

    def pause(self, attempt: int, asked: float | None) -> float | None:
        """Return the seconds to wait after a failed attempt; None to give up."""
        first: float = getattr(settings, "INTEGRATION_FIRST_PAUSE", 0.5)
        wait = first * 2 ** (attempt - 1) if asked is None else asked
        return wait if attempt < self.tries and wait <= self.longest else None


class Download:
    """A long answer, read as it comes. `rows` is told by whoever understands it."""

    def __init__(self, response: requests.Response, entry: Entry) -> None:
        self._response = response
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        entry = self._entry
        try:
            for block in self._response.iter_content(BLOCK):
                if len(entry.body) < BODY_LIMIT:
                    entry.body += block[:BODY_LIMIT]
                entry.size += len(block)
                yield block
        except _BROKEN as error:
            raise RetryableError("A conexão caiu no meio da resposta.", _detail(error)) from error

    def count(self, rows: int) -> None:
        """Tell the log how many rows came."""
        self._entry.rows = rows


class HttpClient:
    """GETs of one provider for one agency: authenticated, paced, logged, with typed failures.

    A public API asks for no credentials.
    """

    def __init__(
        self,
        provider: str,
        credentials: tuple[str, str] | None,
        journal: CallJournal,
        budget: CallBudget,
        *,
        patience: Patience | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._provider = provider
        self._journal = journal
        self._budget = budget
        self._patience = patience or Patience()
        self._timing = timing or Timing()
        self._session = requests.Session()
        self._served: set[str] = set()
        if credentials is not None:
            user, password = credentials
            # As bytes: requests would refuse a password outside Latin-1.
            self._session.auth = HTTPBasicAuth(user.encode(), password.encode())
        self._session.headers.update({"Accept": "application/json", "User-Agent": "cobranca/1"})

    @property
    def journal(self) -> CallJournal:
        """Return the log of this client's calls."""
        return self._journal

    def get(
        self, call: Call, decode: Callable[[bytes], T], patience: Patience | None = None
    ) -> T | None:
        """Return the decoded answer, or None when the provider says there is no such thing.

        That is a 404 with a JSON body; what it means is the caller's to decide.
        """
        return self._patiently(lambda: self._get_once(call, decode), patience or self._patience)

    @contextmanager
    def open(self, call: Call) -> Iterator[Download | None]:
        """Begin a long answer, to be read inside the `with`; None as in `get`.

        Only the beginning is tried again: rows already handed out cannot be taken back here.
        """
        with ExitStack() as stack:
            yield self._patiently(lambda: self._open_once(call, stack), self._patience)

    def _patiently(self, attempt: Callable[[], T], patience: Patience) -> T:
        tried = 0
        while True:
            tried += 1
            try:
                return attempt()
            except BudgetError:
                raise
            except RetryableError as error:
                wait = patience.pause(tried, error.retry_after)
                if wait is None:
                    raise
                self._timing.sleep(wait)

    def _get_once(self, call: Call, decode: Callable[[bytes], T]) -> T | None:
        self._budget.spend(call.pool)
        with self._journal.record(call) as entry:
            response = self._send(call, entry, stream=False)
            entry.answered(response.status_code, response.content)
            if not self._is_found(call, response):
                return None
            return self._decoded(response.content, decode)

    def _open_once(self, call: Call, outer: ExitStack) -> Download | None:
        self._budget.spend(call.pool)
        with ExitStack() as inner:
            entry = inner.enter_context(self._journal.record(call))
            response = self._send(call, entry, stream=True)
            inner.callback(response.close)
            if response.status_code != _OK:
                entry.answered(response.status_code, self._body(response))
            entry.status = response.status_code
            if not self._is_found(call, response):
                return None
            outer.enter_context(inner.pop_all())
            return Download(response, entry)

    def _send(self, call: Call, entry: Entry, *, stream: bool) -> requests.Response:
        timeouts = (CONNECT_TIMEOUT, READ_TIMEOUTS.get(call.pool, READ_TIMEOUT))
        try:
            request = self._session.prepare_request(
                requests.Request("GET", call.url, params=dict(call.params))
            )
            entry.sent(str(request.url), dict(request.headers))
            # A redirect leads to a page for people or to another host: neither is the API.
            return self._session.send(
                request, timeout=timeouts, stream=stream, allow_redirects=False
            )
        except requests.exceptions.InvalidURL as error:
            raise self._bad_address("InvalidURL") from error
        except _BROKEN as error:
            kind = UnreachableError if _never_connected(error) else RetryableError
            detail = self._journal.clean(_detail(error))
            raise kind(f"O {self._provider} não respondeu.", detail) from error

    def _body(self, response: requests.Response) -> bytes:
        """Return the body of a short answer that was asked for as a long one."""
        try:
            return response.content
        except _BROKEN:
            return b""  # its status says enough

    def _is_found(self, call: Call, response: requests.Response) -> bool:
        """Tell 200 from a 404 that means "none"; raise for every other status."""
        status = response.status_code
        left = _header_number(response.headers, "x-ratelimit-remaining-day")
        self._budget.heard(
            call.pool, left, _header_number(response.headers, "x-ratelimit-limit-day")
        )
        if status == _OK:
            self._note_service(call.pool, left)
            return True
        if status == _NOT_FOUND and _is_json_object(self._body(response)):
            return False
        if status == _TOO_MANY and left is not None and left <= 0:
            raise self._budget.day_is_spent(call.pool)
        raise self._failure(call, response)

    def _note_service(self, pool: str, left: int | None) -> None:
        """Tell the budget once per pool that the provider serves us."""
        if pool not in self._served and (left is None or left > 0):
            self._served.add(pool)
            self._budget.served(pool)

    def _failure(self, call: Call, response: requests.Response) -> IntegrationError:
        status, name = response.status_code, self._provider
        detail = f"GET {call.method}: HTTP {status}"
        if status == 401:
            return CredentialsError(f"O {name} recusou o usuário ou a senha da API.", detail)
        if status == 403:
            return NotGrantedError(
                f"O usuário da API do {name} não tem permissão para {call.resource}.",
                call.resource,
                detail,
            )
        if status == _NOT_FOUND or 300 <= status < 400:
            return self._bad_address(detail)
        if status in (408, 425, _TOO_MANY) or status >= 500 or status < 300:
            wait = _retry_after(response.headers, self._timing.now())
            return RetryableError(_later(name, status), detail, retry_after=wait)
        return PermanentError(f"O {name} recusou a consulta de {call.resource} ({status}).", detail)

    def _decoded(self, body: bytes, decode: Callable[[bytes], T]) -> T:
        try:
            return decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RetryableError(
                f"O {self._provider} deu uma resposta incompleta ou que não é JSON.",
                f"{type(error).__name__} in {len(body)} bytes",
            ) from error

    def _bad_address(self, detail: str) -> ConfigError:
        return ConfigError(
            f"O endereço configurado não é o da API do {self._provider}: confira a Url Api.",
            detail,
        )


def _later(provider: str, status: int) -> str:
    if status == _TOO_MANY:
        return f"O {provider} pediu para esperar: chamadas demais."
    if status < 300:
        return f"O {provider} deu uma resposta vazia ({status})."
    return f"O {provider} está fora do ar no momento ({status})."


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _never_connected(error: Exception) -> bool:
    """Tell "nobody there" from a connection that was made and then broke."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, urllib3.exceptions.NewConnectionError
    )


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(body), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _header_number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds asked for, given as a number or as a date; None when there are none."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return max((moment - now).total_seconds(), 0.0)
