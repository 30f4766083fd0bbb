"""What an HTTP answer says besides its rows: how long to wait, and why it is a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from cobranca.common.masking import MASK, NAMED_SECRET
from integrations.core.calls import Call
from integrations.core.errors import (
    ConfigError,
    CredentialsError,
    IntegrationError,
    NotGrantedError,
    PermanentError,
    RefusedError,
    RetryableError,
    UnknownOutcomeError,
)

# A refusal is read by a person, on one line of a screen.
_LONGEST_REFUSAL = 300
# Who asks for more is asked again a day later; and what no column of ours could count.
_LONGEST_WAIT = 24 * 3600.0
_MOST = 2**31 - 1
_NOT_NOW = frozenset({425, 429, 503})


class NotNowError(RetryableError):
    """The provider did nothing yet: too early, too many calls, or it is closed."""

    def __init__(
        self, message: str, detail: str, retry_after: float | None, http_status: int
    ) -> None:
        super().__init__(message, detail, retry_after)
        self.http_status = http_status


@dataclass(frozen=True)
class Reply:
    """An answer that is not what was asked for, and which failure it is.

    `words` are the provider's own, cleaned; `is_ours` when it is the API that answered.
    """

    provider: str
    call: Call
    status: int
    headers: Mapping[str, str]
    now: datetime
    words: str
    is_ours: bool

    def why_not_read(self) -> IntegrationError:
        """Return why a read failed."""
        common = self._access() or self._not_now()
        if common is not None:
            return common
        if self.status == 404:
            return bad_address(self.provider, self._detail)
        if self.status == 408 or self.status >= 500 or self.status < 300:
            wait = retry_after(self.headers, self.now)
            return RetryableError(self._later, self._detail, wait)
        if self.call.tells_refusal and self.is_ours:
            return self._refused()
        # What was asked for may be in the words: a CPF, for one.
        return PermanentError(
            f"O {self.provider} recusou a consulta de {self.call.resource} ({self.status}).",
            self._detail,
        )

    def why_not_written(self) -> IntegrationError:
        """Return why a write failed, or that it is not known whether it did."""
        common = self._access() or self._not_now()
        if common is not None:
            return common
        if self.status == 408 or self.status >= 500 or self.status < 300:
            return unknown_outcome(self.provider, self._detail)
        if self.status == 404 and not self.is_ours:
            return bad_address(self.provider, self._detail)
        return self._refused()

    @property
    def _detail(self) -> str:
        return f"{self.call.verb} {self.call.method}: HTTP {self.status}"

    @property
    def _later(self) -> str:
        if self.status == 429:
            return f"O {self.provider} pediu para esperar: chamadas demais."
        if self.status < 300:
            return f"O {self.provider} deu uma resposta vazia ({self.status})."
        return f"O {self.provider} está fora do ar no momento ({self.status})."

    def _access(self) -> ConfigError | None:
        """Return what is wrong with our access or address; None when neither is the matter."""
        name, resource = self.provider, self.call.resource
        if self.status == 401:
            return CredentialsError(f"O {name} recusou o usuário ou a senha da API.", self._detail)
        if self.status == 403:
            told = f"O usuário da API do {name} não tem permissão para {resource}."
            return NotGrantedError(told, resource, self._detail)
        return bad_address(name, self._detail) if 300 <= self.status < 400 else None

    def _refused(self) -> RefusedError:
        silent = f"O {self.provider} recusou {self.call.resource} sem dizer por quê."
        return RefusedError(self.words or silent, self._detail, self.status)

    def _not_now(self) -> NotNowError | None:
        if self.status not in _NOT_NOW:
            return None
        wait = retry_after(self.headers, self.now)
        return NotNowError(self._later, self._detail, wait, self.status)


def unknown_outcome(provider: str, detail: str) -> UnknownOutcomeError:
    """Return the error that says that something may have been done."""
    told = f"O {provider} recebeu o pedido e não confirmou: pode ter sido feito."
    return UnknownOutcomeError(told, detail)


def bad_address(provider: str, detail: str) -> ConfigError:
    """Return the error that says that somebody else answered."""
    told = f"O endereço configurado não é o da API do {provider}: confira a Url Api."
    return ConfigError(told, detail)


def header_number(headers: Mapping[str, str], name: str) -> int | None:
    """Return a whole number told in a header, as far as we count; None when it tells none."""
    text = headers.get(name, "").strip()
    return _counted(text) if text.isascii() and text.isdigit() else None


def _counted(digits: str) -> int:
    shown = digits.lstrip("0") or "0"
    return _MOST if len(shown) > len(str(_MOST)) else min(int(shown), _MOST)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds asked for, given as a number or as a date, a day at most; None when there
    are none.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(_counted(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_WAIT)


def is_json_object(body: bytes) -> bool:
    """Tell an answer of the API from a page for people."""
    return bool(_object(body)) or body.strip() == b"{}"


def refusal_in(body: bytes) -> str:
    """Return why the provider refuses, in its own words for people; "" when it does not say.

    `clientMessage`, `userMessage` (one or several) and the fields in `errors`; the words meant
    for developers only where there are no others.
    """
    told = _object(body)
    words = [*_texts(told.get("clientMessage")), *_texts(told.get("userMessage"))]
    fields = told.get("errors")
    words += [_field(error) for error in (fields if isinstance(fields, list) else [fields])]
    found = list(dict.fromkeys(filter(None, words))) or _texts(told.get("developerMessage"))
    sentence = " ".join(_closed(word) for word in found)
    return NAMED_SECRET.sub(rf"\1{MASK}", sentence)[:_LONGEST_REFUSAL]


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _texts(told: Any) -> list[str]:
    """Return the sentences of a field that holds one or a list of them."""
    several = told if isinstance(told, list) else [told]
    return [text for text in (_line(item) for item in several) if text]


def _field(error: Any) -> str:
    """Return what is wrong with one field, named."""
    if not isinstance(error, dict):
        return _line(error)
    name, message = _line(error.get("field")), _line(error.get("message"))
    return f"{name}: {message}" if name and message else name or message


def _line(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", ":", ";")) else f"{sentence}."
