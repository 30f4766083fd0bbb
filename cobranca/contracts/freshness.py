"""How old a creditor's data is. Only the integrations know: they install a provider here."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Provider(Protocol):
    """Tells when each creditor's portfolio was last loaded to its end."""

    def __call__(self, creditor_ids: Collection[int], /) -> dict[int, datetime]:
        """Return creditor id → moment; creditors never loaded are left out."""


def _never(_creditor_ids: Collection[int], /) -> dict[int, datetime]:
    return {}


_providers: list[Provider] = [_never]


def register(provider: Provider) -> None:
    """Make `provider` the one that is asked; done once, when the product starts."""
    _providers[:] = [provider]


def freshness_of(creditor_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each creditor's portfolio was last loaded; those never loaded are left out."""
    return _providers[0](creditor_ids) if creditor_ids else {}


def latest(read_at: datetime | None, loaded_at: datetime | None) -> datetime | None:
    """Return the age of a contract: its own last reading or the last load, whichever is later."""
    return max((at for at in (read_at, loaded_at) if at is not None), default=None)
