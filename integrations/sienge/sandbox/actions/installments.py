"""Installments added, changed, removed, slipped and negativated."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.arguments import Arguments
from integrations.sienge.sandbox.book import describe_installment
from integrations.sienge.sandbox.generation.plans import add_line
from integrations.sienge.sandbox.world import World


def tell_installment(world: World, name: str, bill: m.Bill, number: int) -> None:
    """Emit one of the three events of an installment."""
    world.emit(name, {"receivableBillId": bill.id, "installmentId": number})


def add_installment(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Append an installment: {bill, due_on, amount, condition?}."""
    arguments = Arguments(world, given)
    arguments.only("bill", "due_on", "amount", "condition")
    bill = arguments.bill()
    due_on, amount = arguments.day("due_on"), arguments.money("amount")
    base = world.today.replace(day=1)
    added = add_line(bill, arguments.condition("PM"), [due_on], amount, base=base)[0]
    world.touch(added)
    tell_installment(world, events.INSTALLMENT_CREATED, bill, added.id)
    return {"bill": bill.id, "installment": describe_installment(added)}


def change_installment(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Change an open installment: {bill, installment, due_on?, amount?, condition?}."""
    arguments = Arguments(world, given)
    arguments.only("bill", "installment", "due_on", "amount", "condition")
    bill = arguments.bill()
    row = arguments.installment(bill)
    if arguments.has("due_on"):
        change_due_date(world, bill, row, arguments.day("due_on"))
    if arguments.has("amount"):
        _change_amount(row, arguments)
    if arguments.has("condition"):
        _change_condition(bill, row, arguments.condition("PM"))
    world.touch(row)
    if not arguments.has("due_on"):
        tell_installment(world, events.INSTALLMENT_UPDATED, bill, row.id)
    return {"bill": bill.id, "installment": describe_installment(row)}


def change_due_date(world: World, bill: m.Bill, row: m.Installment, due_on: date) -> None:
    """Move a due date; the slip, if any, is no longer registered."""
    row.due_on = due_on
    row.has_boleto = False
    world.touch(row)
    tell_installment(world, events.INSTALLMENT_UPDATED, bill, row.id)


def _change_amount(row: m.Installment, arguments: Arguments) -> None:
    amount, received = arguments.money("amount"), row.original - row.balance
    if amount <= received:
        raise Refused(f"{received} was received already")
    row.original, row.balance = amount, amount - received


def _change_condition(bill: m.Bill, row: m.Installment, code: str) -> None:
    """Move the installment to a condition of its own with another code."""
    row.condition = replace(
        row.condition,
        code=code,
        first_on=row.due_on,
        count=1,
        total=row.original,
        sequence=max(each.condition.sequence for each in bill.installments.values()) + 1,
    )


def remove_installment(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Delete an installment as if it had never been: {bill, installment}."""
    arguments = Arguments(world, given)
    arguments.only("bill", "installment")
    bill = arguments.bill()
    row = arguments.installment(bill)
    if len(bill.installments) == 1:
        raise Refused("it is the only installment; remove the bill")
    del bill.installments[row.id]
    tell_installment(world, events.INSTALLMENT_REMOVED, bill, row.id)
    return {"bill": bill.id, "removed": row.id}


def register_boleto(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Register the slip of an open installment: {bill, installment, rejected?}.

    The bank may reject it; then there is none, and only that is told.
    """
    arguments = Arguments(world, given)
    arguments.only("bill", "installment", "rejected")
    bill = arguments.bill()
    row = arguments.installment(bill)
    if not row.is_open:
        raise Refused("the installment is settled")
    is_rejected = arguments.flag("rejected", default=False)
    account = world.companies[bill.company_id].account
    if not is_rejected:
        row.has_boleto = True
        world.touch(row)
        world.emit(
            events.COLLECTION_CONFIRMED,
            {"billId": bill.id, "installmentId": row.id, "banknumber": int(account.bank)},
        )
    world.emit(
        events.SLIP_REGISTERED,
        {
            "receivableBillId": bill.id,
            "installmentId": row.id,
            "accountNumber": account.number,
            "status": "REJECTED" if is_rejected else "CONFIRMED",
        },
    )
    return {"bill": bill.id, "installment": describe_installment(row)}


def negativate(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Send an overdue installment to SPC/Serasa, or take it back: {bill, installment, sent?}."""
    arguments = Arguments(world, given)
    arguments.only("bill", "installment", "sent")
    bill = arguments.bill()
    row = arguments.installment(bill)
    row.is_negativated = arguments.flag("sent", default=True)
    world.touch(row)
    return {"bill": bill.id, "installment": describe_installment(row)}
