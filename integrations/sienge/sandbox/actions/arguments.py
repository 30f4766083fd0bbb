"""Typed access to the arguments of a control action; wrong ones are Refused with a reason."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.catalog import CONDITION_TYPES
from integrations.sienge.sandbox.world import World, find


class Arguments:
    """The arguments of one action against one world; a name nobody asks for is refused."""

    def __init__(self, world: World, given: Mapping[str, Any]) -> None:
        self.world = world
        self._given = given

    def has(self, name: str) -> bool:
        """Whether an argument was given and is not null."""
        return self._given.get(name) is not None

    def only(self, *names: str) -> None:
        """Refuse arguments other than these, so that a typo does not pass unnoticed."""
        unknown = set(self._given) - set(names)
        if unknown:
            raise Refused(f"unknown arguments {sorted(unknown)}; takes {', '.join(names)}")

    def raw(self, name: str) -> Any:
        """Return an argument as it came; Refused when absent."""
        if not self.has(name):
            raise Refused(f"{name} is required")
        return self._given[name]

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text."""
        return str(self.raw(name)) if default is None or self.has(name) else default

    def integer(self, name: str, default: int | None = None) -> int:
        """Return a whole number."""
        value = self.raw(name) if default is None or self.has(name) else default
        try:
            return int(str(value))
        except ValueError as error:
            raise Refused(f"{name} must be a whole number") from error

    def money(self, name: str, default: Decimal | None = None) -> Decimal:
        """Return money above zero, in cents."""
        value = self.raw(name) if default is None or self.has(name) else default
        try:
            amount = Decimal(str(value)).quantize(Decimal("0.01"))
        except InvalidOperation as error:
            raise Refused(f"{name} must be an amount") from error
        if amount <= 0:
            raise Refused(f"{name} must be above zero")
        return amount

    def day(self, name: str, default: date | None = None) -> date:
        """Return a date; today when absent and nothing else is given."""
        if not self.has(name):
            return default or self.world.today
        try:
            return date.fromisoformat(str(self._given[name]))
        except ValueError as error:
            raise Refused(f"{name} must be yyyy-MM-dd") from error

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self._given.get(name, default)
        if not isinstance(value, bool):
            raise Refused(f"{name} must be true or false")
        return value

    def bill(self) -> m.Bill:
        """Return the bill named by `bill`."""
        return find(self.world.bills, self.raw("bill"), "bill")

    def installment(self, bill: m.Bill) -> m.Installment:
        """Return the installment of the bill named by `installment`."""
        return find(bill.installments, self.raw("installment"), f"installment of bill {bill.id}")

    def contract(self) -> m.Contract:
        """Return the contract named by `contract`, or the one of the bill named by `bill`."""
        if self.has("contract"):
            return find(self.world.contracts, self.raw("contract"), "contract")
        return find(self.world.contracts, self.bill().contract_id, "contract of the bill")

    def customer(self, name: str = "customer") -> m.Customer:
        """Return a customer."""
        return find(self.world.customers, self.raw(name), "customer")

    def condition(self, default: str) -> str:
        """Return the code of a condition type."""
        code = self.text("condition", default)
        if code not in CONDITION_TYPES:
            raise Refused(f"unknown condition {code}; one of {', '.join(CONDITION_TYPES)}")
        return code
