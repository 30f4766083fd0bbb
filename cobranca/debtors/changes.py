"""Where debtors tells the rooms above it that a person changed contact data.

The timeline and the search row live in contracts, which this room may not import: contracts
installs its listener at start-up.
"""

from dataclasses import dataclass
from typing import Protocol

from cobranca.accounts.models import User
from cobranca.debtors.models import Debtor


@dataclass(frozen=True)
class ContactChange:
    """What was done ("Telefone incluído") and to what, in words for the timeline.

    `kind` is the slug of the kind of contact data.
    """

    debtor: Debtor
    title: str
    text: str
    actor: User
    kind: str = ""


class Listener(Protocol):
    """Does what follows from a change, in the same transaction."""

    def __call__(self, change: ContactChange) -> None:
        """Take note of `change`."""


_listeners: list[Listener] = []


def install(listener: Listener) -> None:
    """Make `listener` the one that is told of changes."""
    _listeners[:] = [listener]


def announce(change: ContactChange) -> None:
    """Tell the listener; without one no contact data may be changed at all."""
    _listeners[0](change)
