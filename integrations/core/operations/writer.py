"""What a connector does for a write: each method is one question or one request, no memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from cobranca.contracts.erp import Renegotiation, RenegotiationParcel

# What is sent, as it is kept: JSON, money as text.
Order = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What the ERP has of an order: its code, the installments it generated, their sum."""

    external_id: str
    numbers: Sequence[int]
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ERP has on a title: `made` of the order asked about, and how many `others`.

    `same_day` are those of the others that an undoing could not tell from it.
    """

    made: Made | None = None
    others: int = 0
    same_day: int = 0


class WritesRenegotiations(Protocol):
    """Writes agreements into one ERP. Every method may raise IntegrationError."""

    @property
    def system(self) -> str:
        """Return what the ERP is called in addresses."""

    def prepare(self, order: Renegotiation) -> Order:
        """Return what will be sent; ErpRefusalError names the rule that forbids it."""

    def look(self, order: Order) -> Standing:
        """Ask what the ERP has of an order."""

    def send(self, order: Order) -> None:
        """Write it. RefusedError: the ERP said no. UnknownOutcomeError: it may have it."""

    def parcels(self, order: Order, made: Made) -> list[RenegotiationParcel]:
        """Read what was generated, in order of date; none while the ERP does not show it yet."""

    def remove(self, order: Order) -> None:
        """Take it out. RefusedError: the ERP said no."""
