"""Keyed digests of documents: they recognise one who was anonymised, and tell nobody who it was.

HMAC-SHA256 under a key derived from the installation's own (FIELD_ENCRYPTION_KEYS). The mirror
computes the same in SQL, a whole load at a time, from the two pads that the key stands for.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

_PURPOSE = b"cobranca.debtors.document"
_BLOCK = 64


@dataclass(frozen=True)
class Pads:
    """The inner and the outer pad of a key, as RFC 2104 calls them."""

    inner: bytes
    outer: bytes


def digest_of(document: str) -> str:
    """Return what is kept of a document (digits) under today's key; "" for none."""
    return hmac.new(_keys()[0], document.encode(), hashlib.sha256).hexdigest() if document else ""


def pads() -> list[Pads]:
    """Return the pads of every key in use: an older one may have made a digest."""
    blocks = [key.ljust(_BLOCK, b"\0") for key in _keys()]
    return [
        Pads(bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block))
        for block in blocks
    ]


def _keys() -> list[bytes]:
    given = [str(key).encode() for key in settings.FIELD_ENCRYPTION_KEYS]
    return [hmac.new(key, _PURPOSE, hashlib.sha256).digest() for key in given]
