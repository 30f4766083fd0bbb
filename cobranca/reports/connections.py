"""How the integrations are, as the room above tells it (integrations.core, at start-up)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cobranca.accounts.models import Agency


@dataclass(frozen=True)
class LoadHealth:
    """One creditor's loads: the last that ended well, and those that failed in the period."""

    creditor_id: int
    creditor: str
    loaded_at: datetime | None
    full_at: datetime | None
    is_stale: bool
    failures: int
    last_failure: str = ""
    url: str = ""


@dataclass(frozen=True)
class CallsLeft:
    """What is left today of one pool of a system's calls; None without a daily limit."""

    label: str
    used: int
    limit: int | None
    sentence: str
    is_short: bool


@dataclass(frozen=True)
class Health:
    """The integrations of an agency at an instant; failures are of the period asked for."""

    loads: Sequence[LoadHealth]
    calls: Sequence[CallsLeft]
    webhooks_waiting: int = 0
    # Waiting since before this; None while none waits.
    oldest_webhook_at: datetime | None = None
    webhooks_parked: int = 0
    requests: int = 0
    requests_failed: int = 0
    writes_stuck: int = 0
    # Figure → address of the page that tells more.
    pages: Mapping[str, str] = field(default_factory=dict)


# Agency, from, until, now → its health.
Provider = Callable[[Agency, datetime, datetime, datetime], Health]
_providers: list[Provider] = []


def install(provider: Provider) -> None:
    """Make `provider` the one that is asked."""
    _providers[:] = [provider]


def health_of(agency: Agency, start: datetime, end: datetime, now: datetime) -> Health:
    """Return how an agency's integrations are; nothing to tell when there are none."""
    return _providers[0](agency, start, end, now) if _providers else Health((), ())
