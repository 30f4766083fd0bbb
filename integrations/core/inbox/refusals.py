"""How a request is turned away."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": "Bearer"},
    405: {"Allow": "POST"},
    503: {"Retry-After": "60"},
}


@dataclass(frozen=True)
class Refusal:
    """A status, and the reason as people read it."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", _HEADERS.get(self.status, {}))
