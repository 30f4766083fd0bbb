"""The HTTP client of every connector: patient where it is safe, and it believes no bad answer.

What is not the JSON that was asked for (HTML, a cut body, nothing at all) is an error, never an
empty list. Only GET is repeated; a write only when it is known that nothing was done.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec
import requests
import urllib3
from django.conf import settings
from requests.auth import HTTPBasicAuth

from integrations.core.answers import (
    NotNowError,
    Reply,
    bad_address,
    header_number,
    is_json_object,
    refusal_in,
    unknown_outcome,
)
from integrations.core.budget import CallBudget, Timing
from integrations.core.calls import BODY_LIMIT, BULK, Call, CallJournal, Entry, encode_body
from integrations.core.downloading import download
from integrations.core.errors import (
    BudgetError,
    CredentialsError,
    RetryableError,
    UnreachableError,
)

__all__ = ["CredentialsError", "Download", "HttpClient", "Patience", "UnreachableError"]

T = TypeVar("T")

CONNECT_TIMEOUT = 10.0
READ_TIMEOUTS = {BULK: 600.0}
READ_TIMEOUT = 60.0
BLOCK = 256 * 1024
_OK, _NO_CONTENT, _NOT_FOUND, _TOO_MANY, _CLOSED = 200, 204, 404, 429, 503
# Done: with an answer, created, accepted, nothing to tell.
_DONE = frozenset({_OK, 201, 202, _NO_CONTENT})
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


@dataclass(frozen=True)
class Patience:
    """How often a read is tried, and how long is waited in between, in this process.

    Longer waits belong to whoever runs the load: they are raised, not slept.
    """

    tries: int = 3
    longest: float = 60.0
    # How long one answer may take; None: as long as its pool's may.
    answer: float | None = None

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
    """Calls of one provider for one agency: authenticated, paced, logged, with typed failures.

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

    def send(self, call: Call, verb: str, body: Any, decode: Callable[[bytes], T]) -> T | None:
        """POST, PUT or DELETE once and return the decoded answer; None when it has no body.

        Raises RefusedError with the provider's words, or UnknownOutcomeError when the request
        left and what became of it is not known: such a request is never repeated here. It is
        when no connection was made, when there were too many calls (429), and, where doing it
        twice is as good as once (not a POST), when the provider was closed (503).
        """
        written = replace(call, verb=verb, body=body)
        return self._patiently(
            lambda: self._write_once(written, decode), self._patience, _undone(verb)
        )

    def download(self, call: Call, *, may_be_plain: bool = False) -> bytes:
        """Return the file behind a link that the provider handed out; no call of any quota."""
        return download(self._journal, call, self._provider, may_be_plain=may_be_plain)

    def _patiently(
        self,
        attempt: Callable[[], T],
        patience: Patience,
        may_repeat: Callable[[RetryableError], bool] = lambda _: True,
    ) -> T:
        tried = 0
        while True:
            tried += 1
            try:
                return attempt()
            except BudgetError:
                raise
            except RetryableError as error:
                wait = patience.pause(tried, error.retry_after)
                if wait is None or not may_repeat(error):
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

    def _write_once(self, call: Call, decode: Callable[[bytes], T]) -> T | None:
        self._budget.spend(call.pool)
        with self._journal.record(call) as entry:
            response = self._send(call, entry, stream=False)
            entry.answered(response.status_code, response.content)
            status, body = response.status_code, response.content
            self._heard(call, response)
            if status not in _DONE:
                raise self._reply(call, response).why_not_written()
            if status == _NO_CONTENT or not body.strip():
                return None
            try:
                return decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                detail = f"unreadable answer to {call.verb} {call.method}"
                raise unknown_outcome(self._provider, detail) from error

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
        answer = self._patience.answer or READ_TIMEOUTS.get(call.pool, READ_TIMEOUT)
        timeouts = (min(CONNECT_TIMEOUT, answer), answer)
        try:
            request = self._session.prepare_request(_request(call))
            entry.sent(str(request.url), dict(request.headers))
            # A redirect leads to a page for people or to another host: neither is the API.
            return self._session.send(
                request, timeout=timeouts, stream=stream, allow_redirects=False
            )
        except requests.exceptions.InvalidURL as error:
            raise bad_address(self._provider, "InvalidURL") from error
        except _BROKEN as error:
            detail = self._journal.clean(_detail(error))
            never_left = _never_connected(error)
            if call.verb != "GET" and not never_left:
                raise unknown_outcome(self._provider, detail) from error
            kind = UnreachableError if never_left else RetryableError
            raise kind(f"O {self._provider} não respondeu.", detail) from error

    def _body(self, response: requests.Response) -> bytes:
        """Return the body of a short answer that was asked for as a long one."""
        try:
            return response.content
        except _BROKEN:
            return b""  # its status says enough

    def _is_found(self, call: Call, response: requests.Response) -> bool:
        """Tell 200 from a 404 that means "none"; raise for every other status."""
        self._heard(call, response)
        status = response.status_code
        if status == _OK:
            return True
        if status == _NOT_FOUND and is_json_object(self._body(response)):
            return False
        raise self._reply(call, response).why_not_read()

    def _heard(self, call: Call, response: requests.Response) -> None:
        """Believe what an answer says of the day's calls; raise when it was refused for them."""
        status, headers = response.status_code, response.headers
        left = header_number(headers, "x-ratelimit-remaining-day")
        self._budget.heard(call.pool, left, header_number(headers, "x-ratelimit-limit-day"))
        if status in _DONE:
            self._note_service(call.pool, left)
        if status == _TOO_MANY and left is not None and left <= 0:
            raise self._budget.day_is_spent(call.pool)

    def _note_service(self, pool: str, left: int | None) -> None:
        """Tell the budget once per pool that the provider serves us."""
        if pool not in self._served and (left is None or left > 0):
            self._served.add(pool)
            self._budget.served(pool)

    def _reply(self, call: Call, response: requests.Response) -> Reply:
        words = self._journal.clean(refusal_in(self._body(response)))
        headers, now = response.headers, self._timing.now()
        is_ours = is_json_object(self._body(response))
        return Reply(self._provider, call, response.status_code, headers, now, words, is_ours)

    def _decoded(self, body: bytes, decode: Callable[[bytes], T]) -> T:
        try:
            return decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RetryableError(
                f"O {self._provider} deu uma resposta incompleta ou que não é JSON.",
                f"{type(error).__name__} in {len(body)} bytes",
            ) from error


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _never_connected(error: Exception) -> bool:
    """Tell "nobody there" from a connection that was made and then broke."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, urllib3.exceptions.NewConnectionError
    )


def _request(call: Call) -> requests.Request:
    request = requests.Request(call.verb, call.url, params=dict(call.params))
    if call.body is not None:
        request.data = encode_body(call.body)
        request.headers = {"Content-Type": "application/json"}
    return request


def _undone(verb: str) -> Callable[[RetryableError], bool]:
    """Return what tells whether a write that failed is known to have done nothing."""

    def is_undone(error: RetryableError) -> bool:
        if isinstance(error, NotNowError):
            return verb != "POST" or error.http_status != _CLOSED
        return isinstance(error, UnreachableError)

    return is_undone
