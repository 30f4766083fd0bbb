"""How much of each promise was paid: receipts handed out to promises, each centavo once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cobranca.calc.calendar import next_business_day
from cobranca.calc.money import ZERO


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came on a day, or went back when negative.

    `line` names what it was paid for: a reversal takes back what came for the same line.
    `contracts` are those that it serves.
    """

    line: str
    contracts: frozenset[int]
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise: from the day it was made up to `deadline`, for one contract or for any."""

    key: int
    contract: int | None
    made_on: date
    deadline: date
    amount: Decimal


def deadline_of(promised_on: date, extra: frozenset[date] = frozenset()) -> date:
    """Return the last day on which money still keeps a promise: the business day after its date.

    What is paid on the day reaches the creditor's books on the next.
    """
    return next_business_day(promised_on + timedelta(days=1), "", extra)


def received_for(promises: Iterable[Promised], receipts: Iterable[Receipt]) -> dict[int, Decimal]:
    """Return how much was received for each promise, by key.

    The promise that ends first takes first, the oldest receipts first, up to its amount; what is
    left serves the next. A receipt of a day outside of a promise's days does not serve it.
    """
    standing = _standing(receipts)
    left = [receipt.amount for receipt in standing]
    received: dict[int, Decimal] = {}
    for promise in sorted(promises, key=lambda each: (each.deadline, each.key)):
        wanted = promise.amount
        for place, receipt in enumerate(standing):
            if wanted and left[place] and _serves(receipt, promise):
                taken = min(wanted, left[place])
                left[place] -= taken
                wanted -= taken
        received[promise.key] = promise.amount - wanted
    return received


def _serves(receipt: Receipt, promise: Promised) -> bool:
    of_it = promise.contract is None or promise.contract in receipt.contracts
    return of_it and promise.made_on <= receipt.on <= promise.deadline


def _standing(receipts: Iterable[Receipt]) -> Sequence[Receipt]:
    """Return what came and was not taken back, oldest first."""
    by_line: dict[str, list[Receipt]] = defaultdict(list)
    # Of one day, what came stands before what went back.
    for receipt in sorted(receipts, key=lambda each: (each.on, -each.amount)):
        if receipt.amount > ZERO:
            by_line[receipt.line].append(receipt)
        else:
            _take_back(by_line[receipt.line], -receipt.amount)
    kept = [receipt for line in by_line.values() for receipt in line]
    return sorted(kept, key=lambda each: (each.on, each.line))


def _take_back(line: list[Receipt], amount: Decimal) -> None:
    """Undo the latest receipts of a line first."""
    while line and amount > ZERO:
        last = line.pop()
        if last.amount > amount:
            line.append(Receipt(last.line, last.contracts, last.on, last.amount - amount))
        amount -= min(last.amount, amount)
