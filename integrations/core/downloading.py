"""Fetching a file by a link that a provider handed out: without credentials, and not for ever.

The link itself is a key (signed, minutes long): it is neither logged nor stored. Where the API is
on https, so are the link and all it leads to: what answers there under a valid certificate is not
something inside the office that a link could be made to read.
"""

from dataclasses import replace
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from integrations.core.calls import Call, CallJournal, Entry
from integrations.core.errors import PermanentError, RetryableError

LARGEST_FILE = 10 * 1024 * 1024
_TIMEOUTS = (10.0, 30.0)
_LONGEST = 90.0
_MOST_HOPS = 3
_BLOCK = 64 * 1024
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def download(
    journal: CallJournal,
    call: Call,
    provider: str,
    *,
    may_be_plain: bool,
    largest: int = LARGEST_FILE,
) -> bytes:
    """Return the file at `call.url`.

    RetryableError when the link does not answer any more: ask for a new one. PermanentError when
    the link or what it leads to is not what was promised.
    """
    schemes = {"https", "http"} if may_be_plain else {"https"}
    shown = replace(call, url=urlsplit(call.url)._replace(query="", fragment="").geturl())
    with journal.record(shown) as entry, requests.Session() as session:
        session.auth = _nobody
        session.headers["User-Agent"] = "cobranca/1"
        try:
            return _follow(session, call.url, schemes, entry, largest)
        except _BROKEN as error:
            # The library's own words tell the whole address.
            raise RetryableError(
                f"O arquivo do {provider} não veio: tente de novo.", type(error).__name__
            ) from None


def _follow(
    session: requests.Session, url: str, schemes: set[str], entry: Entry, largest: int
) -> bytes:
    for _ in range(_MOST_HOPS + 1):
        if urlsplit(url).scheme not in schemes:
            raise PermanentError("O link do arquivo leva a um endereço inseguro.", "scheme")
        with session.get(url, timeout=_TIMEOUTS, stream=True, allow_redirects=False) as response:
            entry.status = response.status_code
            if not response.is_redirect:
                return _read(response, entry, largest)
            url = urljoin(url, response.headers["Location"])
    raise PermanentError("O link do arquivo não leva a lugar nenhum.", "too many redirects")


def _read(response: requests.Response, entry: Entry, largest: int) -> bytes:
    if response.status_code != 200:
        raise RetryableError(
            f"O link do arquivo não vale mais ({response.status_code}): tente de novo.",
            f"HTTP {response.status_code}",
        )
    until, blocks = monotonic() + _LONGEST, bytearray()
    # Whatever came, however little: a whole block of a file that trickles takes for ever.
    for block in iter(lambda: response.raw.read1(_BLOCK, decode_content=True), b""):
        blocks += block
        entry.size = len(blocks)
        if len(blocks) > largest:
            raise PermanentError("O arquivo é grande demais.", f"more than {largest} bytes")
        if monotonic() > until:
            raise RetryableError("O arquivo demorou demais: tente de novo.", "slow download")
    return bytes(blocks)


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no credentials, not even those of a .netrc."""
    return request
