"""Who delivers which topic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cobranca.accounts.models import Agency


@dataclass(frozen=True)
class Delivery:
    """What a handler gets: it may come more than once with the same `key`."""

    topic: str
    agency: Agency
    key: str
    payload: Mapping[str, Any]


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
