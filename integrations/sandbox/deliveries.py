"""What is told to subscribers: the messages, how each copy of them fares, and the settings."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

# Minutes after a failed sending, one after the other; then it is given up.
RETRY_MINUTES = (10, 30, 60, 180, 300)
TIMEOUT_SECONDS = 2.5

WAITING, SENDING, DELIVERED = "waiting", "sending", "delivered"
LOST, DROPPED, CANCELLED, REFUSED = "lost", "dropped", "cancelled", "refused"


@dataclass(frozen=True, slots=True)
class Message:
    """An event as one subscriber is told it."""

    sequence: int
    id: str
    event: str
    hook: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """What tells it from the same event told to another subscriber."""
        return f"{self.id}/{self.hook}"


@dataclass(slots=True)
class Delivery:
    """One copy of a message on its way: doubled ones have two."""

    message: Message
    copy: int
    queued_at: datetime
    due_at: datetime
    is_lost: bool = False
    state: str = WAITING
    attempts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The message and which copy of it."""
        return f"{self.message.key}/{self.copy}"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state not in (WAITING, SENDING)

    def describe(self) -> dict[str, Any]:
        """Return it for the log."""
        return {
            "sequence": self.message.sequence,
            "id": self.message.id,
            "event": self.message.event,
            "hook": self.message.hook,
            "url": self.message.url,
            "body": self.message.body.decode(),
            "copy": self.copy,
            "queued_at": self.queued_at,
            "due_at": self.due_at,
            "lost": self.is_lost,
            "state": self.state,
            "attempts": list(self.attempts),
        }


@dataclass(frozen=True, slots=True)
class Settings:
    """How deliveries fare; shares are between 0 and 1, seconds are the sandbox's own."""

    mode: str = "auto"
    loss: Decimal = Decimal(0)
    double: Decimal = Decimal(0)
    shuffle_seconds: int = 0
    delay_seconds: int = 0
    speed: int = 1

    def describe(self) -> dict[str, Any]:
        """Return every setting."""
        return asdict(self)

    def changed(self, wanted: Mapping[str, Any]) -> "Settings":
        """Return the settings with some of them changed; ValueError when one is wrong."""
        unknown = set(wanted) - set(self.describe())
        if unknown:
            raise ValueError(f"unknown webhook settings: {', '.join(sorted(unknown))}")
        return replace(
            self, **{name: _READERS[name](name, value) for name, value in wanted.items()}
        )


def _mode(name: str, value: Any) -> str:
    if value not in ("auto", "manual"):
        raise ValueError(f"{name} is auto or manual")
    return str(value)


def _share(name: str, value: Any) -> Decimal:
    try:
        share = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{name} is a share between 0 and 1") from error
    if not 0 <= share <= 1:
        raise ValueError(f"{name} is a share between 0 and 1")
    return share


def _whole(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < (name == "speed"):
        raise ValueError(f"{name} is a whole number")
    return value


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "mode": _mode,
    "loss": _share,
    "double": _share,
    "shuffle_seconds": _whole,
    "delay_seconds": _whole,
    "speed": _whole,
}
