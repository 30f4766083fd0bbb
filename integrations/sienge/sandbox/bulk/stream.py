"""Bulk answers: items produced bill by bill under the lock, never held all together."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from integrations.sandbox import jsonio
from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.model import Bill
from integrations.sienge.sandbox.world import World

Items = Iterator[bytes]


def items_of_bills(
    world: World, lock: AbstractContextManager[Any], make: Callable[[Bill], list[bytes]]
) -> Items:
    """Yield the items of each bill; a bill is read whole, the book need not stand still."""
    with lock:
        bills = list(world.all_bills())
    for bill in bills:
        with lock:
            items = make(bill) if bill.id in world.bills else []
        yield from items


def stream(call: Call, items: Items) -> Reply:
    """Answer with the items; 404 instead of none when the tenant is of that kind."""
    if not call.switches.empty_bulk_404:
        return Reply(items=items)
    first = next(items, None)
    if first is None:
        raise ApiError(404)
    return Reply(items=_again(first, items))


def _again(first: bytes, rest: Items) -> Items:
    yield first
    yield from rest


def dumped(rows: list[dict[str, Any]]) -> list[bytes]:
    """Return rows as the bytes of their JSON."""
    return [jsonio.dump(row) for row in rows]
