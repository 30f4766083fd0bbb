"""The whole simulated tenant in memory, with its indexes, counters and events."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from integrations.sandbox.clock import Clock
from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox.model import (
    Bill,
    Company,
    Contract,
    Customer,
    Enterprise,
    Event,
    Hook,
    Installment,
    Mail,
    Unit,
)

Row = TypeVar("Row")

_EVENTS_NAMESPACE = uuid.UUID("5e6e9e00-0000-4000-8000-000000000000")


class World:
    """Rows by id. Whoever changes one calls the matching `touch` so that it reads as changed."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self.companies: dict[int, Company] = {}
        self.enterprises: dict[int, Enterprise] = {}
        self.units: dict[int, Unit] = {}
        self.customers: dict[int, Customer] = {}
        self.contracts: dict[int, Contract] = {}
        self.bills: dict[int, Bill] = {}
        self.hooks: dict[str, Hook] = {}
        self.events: list[Event] = []
        self.mails: list[Mail] = []
        self.on_event: Callable[[Event], None] | None = None
        self._bills_of: defaultdict[int, set[int]] = defaultdict(set)
        self._last_ids: defaultdict[str, int] = defaultdict(int)

    @property
    def today(self) -> date:
        """The simulator's date."""
        return self.clock.today()

    def new_id(self, kind: str, first: int = 1) -> int:
        """Return the next id of a kind of row; ids never come back."""
        self._last_ids[kind] = max(self._last_ids[kind] + 1, first)
        return self._last_ids[kind]

    def new_uuid(self, kind: str) -> str:
        """Return a unique id that depends only on the seed and on how many came before."""
        name = f"{self.seed}:{kind}:{self.new_id(f'uuid:{kind}')}"
        return str(uuid.uuid5(_EVENTS_NAMESPACE, name))

    def add_bill(self, bill: Bill) -> None:
        """Put a bill in the world and under each of its holders."""
        self.bills[bill.id] = bill
        for customer_id in self.holders_of(bill):
            self._bills_of[customer_id].add(bill.id)

    def remove_bill(self, bill: Bill) -> None:
        """Take a bill away from the world and from its holders."""
        del self.bills[bill.id]
        for bills in self._bills_of.values():
            bills.discard(bill.id)

    def rehold_bill(self, bill: Bill, customer_id: int) -> None:
        """Give the bill to another customer, after its contract's holders changed."""
        for bills in self._bills_of.values():
            bills.discard(bill.id)
        bill.customer_id = customer_id
        self.add_bill(bill)

    def holders_of(self, bill: Bill) -> list[int]:
        """Return the customer of the bill first, then the other holders of its contract."""
        contract = self.contracts.get(bill.contract_id or 0)
        others = [holder.customer_id for holder in contract.holders] if contract else []
        return list(dict.fromkeys((bill.customer_id, *others)))

    def bills_of(self, customer_id: int) -> list[Bill]:
        """Return the bills a customer holds alone or with others, by id."""
        return [self.bills[bill_id] for bill_id in sorted(self._bills_of[customer_id])]

    def all_bills(self) -> Iterator[Bill]:
        """Yield the bills by id, as they were when the reading began."""
        for bill_id in sorted(self.bills):
            bill = self.bills.get(bill_id)
            if bill is not None:
                yield bill

    def touch(self, installment: Installment) -> None:
        """Mark an installment as changed today."""
        installment.changed_on = self.today

    def touch_bill(self, bill: Bill) -> None:
        """Mark every installment of a bill as changed today."""
        for installment in bill.installments.values():
            installment.changed_on = self.today

    def touch_contract(self, contract: Contract) -> None:
        """Mark a contract as changed today."""
        contract.changed_on = self.today

    def touch_customer(self, customer: Customer) -> None:
        """Mark a customer as changed at a new instant of today."""
        customer.changed_at = self.clock.tick()

    def emit(self, name: str, body: dict[str, object]) -> Event:
        """Note an event that subscribers would be told."""
        event = Event(
            sequence=len(self.events) + 1,
            id=self.new_uuid("event"),
            name=name,
            body=body,
            on=self.today,
        )
        self.events.append(event)
        if self.on_event:
            self.on_event(event)
        return event


def find(rows: dict[int, Row], row_id: object, what: str) -> Row:
    """Return a row by id for a control action; Refused when there is none."""
    try:
        return rows[int(str(row_id))]
    except (KeyError, ValueError) as error:
        raise Refused(f"no {what} {row_id}") from error
