"""What every office starts with: rooms above register what they put into a new agency."""

from collections.abc import Callable

from cobranca.accounts.models import Agency

Furnish = Callable[[Agency], object]
_furnishers: dict[str, Furnish] = {}


def furnishes(name: str, furnish: Furnish) -> None:
    """Have `furnish` called for each new agency, in the transaction that makes it.

    It must do no harm when it is called again.
    """
    _furnishers[name] = furnish


def furnish(agency: Agency) -> None:
    """Give an agency what every office starts with."""
    for each in _furnishers.values():
        each(agency)
