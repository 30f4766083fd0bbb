"""How far a write into the ERP is, for whoever shows it. Only the integrations know: they install
a provider here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WriteStep:
    """One step of a write as people see it. `state`: "done", "now" (under way) or "failed"."""

    label: str
    message: str
    at: datetime
    state: str = "done"


Provider = Callable[[str], Sequence[WriteStep]]


def _none(_key: str) -> Sequence[WriteStep]:
    return ()


_providers: list[Provider] = [_none]


def register(provider: Provider) -> None:
    """Make `provider` the one that is asked; done once, when the product starts."""
    _providers[:] = [provider]


def steps_of(key: str) -> Sequence[WriteStep]:
    """Return the steps of what is written under `key`, oldest first; none when nothing is."""
    return _providers[0](key)
