"""What every part of the client does with an endpoint."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from integrations.core.calls import BULK, REST, Call
from integrations.core.errors import RefusedError
from integrations.core.http import HttpClient, Patience
from integrations.core.streaming import Row, stream_rows
from integrations.sienge.client.decoding import anything, page_of, single
from integrations.sienge.config import SiengeConfig
from integrations.sienge.paging import ASKED_LIMIT, ListPage

T = TypeVar("T")

# The bulk endpoints demand a period: wide enough for every due date that was ever typed.
FIRST_DAY, LAST_DAY = "1990-01-01", "2100-12-31"
# A connection check asks once; a resource that is down now is told as down.
_ONCE = Patience(tries=1)


@dataclass(frozen=True)
class Resource(Generic[T]):
    """A resource: its log name, path, permission (as the playbook calls it) and row type."""

    method: str
    path: str
    permission: str
    row: type[T]

    @property
    def decoder(self) -> "msgspec.json.Decoder[T]":
        """Return the decoder of its rows, made once."""
        return _decoder(self.row)


_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(row: type[T]) -> "msgspec.json.Decoder[T]":
    return _DECODERS.setdefault(row, msgspec.json.Decoder(row))


def at(path: str, *codes: str) -> str:
    """Return a path with codes in it, whatever is written in them."""
    return path.format(*(quote(code, safe="") for code in codes))


class Endpoints:
    """One tenant's endpoints, REST and bulk."""

    def __init__(self, config: SiengeConfig, http: HttpClient) -> None:
        self._rest, self._bulk = config.api_url, config.bulk_url
        self._http = http

    @property
    def http(self) -> HttpClient:
        """Return the client underneath."""
        return self._http

    def probe(self, path: str, permission: str, params: dict[str, str], pool: str = REST) -> None:
        """GET something harmless once, only to see whether it is allowed; raises what went wrong.

        "Nothing found" and "missing parameter" are answers of an API that lets us in.
        """
        base = self._bulk if pool == BULK else self._rest
        call = Call("VerificarPermissao", base + path, permission, params, pool)
        self._http.get(call, anything, _ONCE)

    def _call(self, resource: Resource[Any], params: dict[str, str], **facts: Any) -> Call:
        url = self._rest + resource.path
        return Call(resource.method, url, resource.permission, params, **facts)

    def _page(self, resource: Resource[T], offset: int, *codes: str, **filters: str) -> ListPage[T]:
        """Read one page; `codes` fill the path and the first of them is the title, in the log."""
        params = {**filters, "limit": str(ASKED_LIMIT), "offset": str(offset)}
        url = self._rest + at(resource.path, *codes)
        call = Call(resource.method, url, resource.permission, params, contract="".join(codes[:1]))
        page = self._http.get(call, partial(page_of, resource.decoder))
        return ListPage([], count=0) if page is None else page

    def _one(self, resource: Resource[T], code: str, contract: str = "") -> Row[T] | None:
        url = self._rest + at(resource.path, code)
        call = Call(resource.method, url, resource.permission, contract=contract)
        decode: Callable[[bytes], Row[T] | None] = partial(single, resource.decoder)
        return self._http.get(call, decode)

    def _stream(
        self, resource: Resource[T], params: dict[str, str], changed_since: date | None
    ) -> Iterator[Row[T]]:
        if changed_since is not None:
            params = {**params, "changeStartDate": changed_since.isoformat()}
        url = self._bulk + resource.path
        call = Call(resource.method, url, resource.permission, params, BULK)
        with self._http.open(call) as download:
            if download is None:  # nothing found: as good as an empty list
                return
            rows = 0
            try:
                for row in stream_rows(download, resource.decoder):
                    rows += 1
                    yield row
            finally:
                download.count(rows)

    def _write(
        self, call: Call, verb: str, body: Any, decode: Callable[[bytes], T] | None = None
    ) -> T | None:
        """Send a change; what it may raise is told by HttpClient.send."""
        if decode is None:
            self._http.send(call, verb, body, anything)
            return None
        return self._http.send(call, verb, body, decode)

    def _delete(self, call: Call) -> bool:
        """Send a removal; False when there was nothing to remove."""
        try:
            self._write(call, "DELETE", None)
        except RefusedError as error:
            if error.http_status == 404:
                return False
            raise
        return True
