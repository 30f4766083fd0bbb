"""From a request's body to what is stored of it. Whatever came, it is understood or refused."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
import structlog

from cobranca.common.masking import MASK
from integrations.core.connector import Announcement

logger = structlog.get_logger(__name__)

Reader = Callable[[Mapping[str, str], bytes], Announcement]
# Announcements carry codes, not documents: the longest one known is a thousandth of this.
BODY_LIMIT = 64 * 1024
EVENT_ROOM = KEY_ROOM = HOOK_ROOM = 80
CODE_ROOM = 40
MOST_INSTALLMENTS = 2**31 - 1
_decoder = msgspec.json.Decoder()


class RefusedBodyError(ValueError):
    """The body cannot be an announcement; `reason` is for the log of refusals."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Understood:
    """An announcement ready to be stored."""

    announcement: Announcement
    key: str
    text: str
    # Its provider named it; else the key is made of what it says, and coming again is news.
    has_own_key: bool


def understand(
    system: str, reader: Reader, headers: Mapping[str, str], body: bytes, token: str
) -> Understood:
    """Return what a body announces; RefusedBodyError when it announces nothing readable."""
    text = _json_object(body)
    try:
        told = reader(headers, body)
        _check(told)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise RefusedBodyError("Aviso fora do formato documentado") from None
    except Exception as error:  # a reader that stumbles must not lose us the connection
        logger.exception("webhook.reader_failed", system=system, error=type(error).__name__)
        raise RefusedBodyError("Aviso que não se soube ler") from error
    if token:
        text = text.replace(token, MASK)
    return Understood(told, _key(system, told, body), text, bool(told.key))


def _json_object(body: bytes) -> str:
    try:
        decoded = _decoder.decode(body)
        text = body.decode()
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise RefusedBodyError("O corpo não é JSON") from None
    if not isinstance(decoded, dict):
        raise RefusedBodyError("O corpo não é um objeto JSON")
    if "\0" in text:
        raise RefusedBodyError("O corpo não é JSON")
    return text


def _check(told: Announcement) -> None:
    """Refuse what no column could hold, or no screen show."""
    if not told.event:
        raise ValueError("event")
    _check_text(told.event, EVENT_ROOM)
    _check_text(told.hook, HOOK_ROOM)
    _check_text(told.key, BODY_LIMIT)
    for code in (told.contract, told.sale, told.customer):
        _check_text(code, CODE_ROOM)
    number = told.installment
    if number is not None and not (type(number) is int and 0 <= number <= MOST_INSTALLMENTS):
        raise ValueError("installment")


def _check_text(text: object, room: int) -> None:
    if not isinstance(text, str) or len(text) > room or not text.isprintable():
        raise ValueError("text")


def _key(system: str, told: Announcement, body: bytes) -> str:
    """Return what names the delivery; one that does not fit, or is missing, is a hash."""
    if told.key:
        long = len(told.key) > KEY_ROOM or told.key.startswith("sha256")
        return f"sha256-id:{_hash(told.key.encode())}" if long else told.key
    return f"sha256:{_hash(system.encode(), told.event.encode(), body)}"


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()
