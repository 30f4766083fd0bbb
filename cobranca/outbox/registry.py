"""Who delivers which topic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError


class GiveUpError(DomainError):
    """Trying again would change nothing: the delivery waits for a person."""


class NotYetError(DomainError):
    """It cannot be delivered before so many seconds are over."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True)
class Delivery:
    """What a handler gets: it may come more than once with the same `key`.

    `attempt` is 1 the first time; what an earlier one began may have arrived.
    """

    topic: str
    agency: Agency
    key: str
    payload: Mapping[str, Any]
    attempt: int = 1


Handler = Callable[[Delivery], None]

_HANDLERS: dict[str, Handler] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Make the decorated function the one that delivers `topic`.

    It runs outside of any transaction and within the agency's scope; whatever it raises is
    tried again later, with growing pauses, and parked after the last attempt.
    """

    def register(handler: Handler) -> Handler:
        _HANDLERS[topic] = handler
        return handler

    return register


def handler_of(topic: str) -> Handler | None:
    """Return who delivers `topic`; None when nobody does."""
    return _HANDLERS.get(topic)
