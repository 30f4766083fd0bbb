"""Secrets erased from what other systems echo, however they spell them."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote, quote_plus

from cobranca.common.masking import MASK

# Shorter pieces stand in any text by chance: erasing them would erase the log.
SHORTEST_PIECE = 8
# The beginning of a secret at the end of a text that was cut.
SHORTEST_TAIL = 4
# Hexadecimal digits, of addresses and of JSON, are written in either case.
_PERCENT = re.compile(r"%(?:25)?[0-9A-F]{2}")
_UNICODE = re.compile(r"(?<=\\u)[0-9a-f]{4}")
_PLAIN = re.compile(rf"[A-Za-z0-9]{{{SHORTEST_PIECE},}}")


class Eraser:
    """Takes the secrets of one connection out of texts."""

    def __init__(self, user: str, secrets: Sequence[str]) -> None:
        forms = {form for secret in secrets if secret for form in _spellings(user, secret)}
        cases = {case for form in forms for case in _cases(form)}
        self._forms = sorted(cases, key=len, reverse=True)

    def learn(self, secret: str) -> None:
        """Erase one more secret from now on."""
        if secret:
            cases = {case for form in _spellings("", secret) for case in _cases(form)}
            self._forms = sorted(cases | set(self._forms), key=len, reverse=True)

    def clean(self, text: str) -> str:
        """Return `text` without any secret."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text.replace("\0", "")

    def clean_head(self, text: str) -> str:
        """Return the head of a longer text without any secret, nor the half that it was cut in."""
        longest = min(max(map(len, self._forms), default=0), len(text))
        end = text[len(text) - longest :]
        for length in range(longest, SHORTEST_TAIL - 1, -1):
            tail = end[longest - length :]
            if any(form.startswith(tail) for form in self._forms):
                return self.clean(text[: len(text) - length]) + MASK
        return self.clean(text)


def _cases(form: str) -> Iterator[str]:
    yield form
    yield _PERCENT.sub(lambda found: found[0].lower(), form)
    yield _UNICODE.sub(lambda found: found[0].upper(), form)


def _spellings(user: str, secret: str) -> Iterator[str]:
    """Yield a secret as answers may spell it: text, JSON, addresses, HTML, base64, hexadecimal.

    What no spelling changes is its longest runs of letters and digits: they stand for all others.
    """
    plain = secret.encode()
    pair = f"{user}:{secret}".encode()
    yield from (
        secret,
        plain.hex(),
        plain.hex().upper(),
        escape(secret),
        escape(secret, quote=False),
    )
    for is_ascii in (True, False):
        in_json = json.dumps(secret, ensure_ascii=is_ascii)[1:-1]
        yield from (in_json, json.dumps(in_json)[1:-1])
    for quoted in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        yield from (quoted, quote(quoted, safe=""))
    for encode in (b64encode, urlsafe_b64encode):
        yield from (encode(pair).decode(), encode(plain).decode())
        yield from _within_base64(encode(b"\0" + plain), 1, len(plain))
        yield from _within_base64(encode(b"\0\0" + plain), 2, len(plain))
        yield from _within_base64(encode(plain), 0, len(plain))
    yield from _PLAIN.findall(secret)


def _within_base64(encoded: bytes, before: int, length: int) -> Iterator[str]:
    """Yield the digits that only the secret decides, `before` bytes into a group of three."""
    first, last = -(-before * 8 // 6), (before + length) * 8 // 6
    piece = encoded.decode()[first:last]
    if len(piece) >= SHORTEST_PIECE:
        yield piece
