"""An ERP that writes agreements down in memory, and what it generates for them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from cobranca.contracts import erp
from cobranca.contracts.erp import Renegotiation, RenegotiationParcel, RenegotiationReceipt


@dataclass
class Ledger(erp.ErpGateway):
    """An ERP that writes what it is told, once per key, unless it has something against it.

    `meanwhile` is what somebody else does while it is asked.
    """

    can_quote: bool = False
    can_integrate: bool = True
    problem: Exception | None = None
    orders: list[Renegotiation] = field(default_factory=list)
    parcels: list[RenegotiationParcel] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    meanwhile: Callable[[Any], None] | None = None
    finish_problem: Exception | None = None

    def integrate(self, order: Renegotiation) -> RenegotiationReceipt:
        if order.key not in {each.key for each in self.orders}:
            self.orders.append(order)
        if self.problem is not None:
            raise self.problem
        if self.meanwhile is not None:
            self.meanwhile(order)
        return RenegotiationReceipt("RP-77", self.parcels)

    def finish(self, key: str) -> None:
        if self.finish_problem is not None:
            raise self.finish_problem
        self.finished.append(key)

    def undo(self, key: str) -> None:
        self.undone.append(key)


def generated(*amounts: str, first: int = 4, day: int = 10) -> list[RenegotiationParcel]:
    """Return what an ERP generates: numbers from `first`, one a month from April on."""
    return [
        RenegotiationParcel(first + n, date(2026, 4 + n, day), Decimal(amount))
        for n, amount in enumerate(amounts)
    ]
