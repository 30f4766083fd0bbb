"""Receipts coming in and going back."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.arguments import Arguments
from integrations.sienge.sandbox.book import describe_installment
from integrations.sienge.sandbox.catalog import ADVANCE, OPERATIONS, RECEIVED, REMADE, TERMINATED
from integrations.sienge.sandbox.settlement import Settling, reverse, settle, take_back
from integrations.sienge.sandbox.world import World


def pay(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Settle an installment: {bill, installment, amount?, operation?, on?, charges?, closes?}.

    `amount` leaves the original balance, all of it when absent; fine and interest come on top
    unless `charges` is false. With `closes` the installment ends though less was paid: the
    rest becomes the receipt's discount. `operation` is a name or an id.
    """
    arguments = Arguments(world, given)
    arguments.only("bill", "installment", "amount", "operation", "on", "charges", "closes")
    bill = arguments.bill()
    installment = arguments.installment(bill)
    if not installment.is_open:
        raise Refused("the installment is settled")
    amount = arguments.money("amount", installment.balance)
    if amount > installment.balance:
        raise Refused(f"the balance is {installment.balance}")
    gross = installment.balance if arguments.flag("closes", default=False) else amount
    how = Settling(
        gross=gross,
        paid_on=arguments.day("on"),
        changed_on=world.today,
        operation_id=_operation(arguments),
        charges=arguments.flag("charges", default=True),
        discount=gross - amount,
    )
    receipt = settle(world, bill, installment, how)
    _tell(world, bill, installment, receipt)
    return {"bill": bill.id, "installment": describe_installment(installment)}


def _operation(arguments: Arguments) -> int:
    wanted = arguments.text("operation", str(RECEIVED))
    for number, name in OPERATIONS.items():
        if wanted in (str(number), name):
            return number
    raise Refused(f"unknown operation {wanted}; one of {', '.join(OPERATIONS.values())}")


def _tell(world: World, bill: m.Bill, installment: m.Installment, receipt: m.Receipt) -> None:
    """Emit what the ERP documents: nothing for settlements that are not money."""
    if receipt.operation_id in (RECEIVED, ADVANCE):
        body: dict[str, object] = {"billId": bill.id, "installmentId": installment.id}
        world.emit(events.RECEIPT_PROCESSED, body)
    if receipt.movement_id is not None:
        world.emit(events.BANK_MOVEMENT_CREATED, {"bankMovementId": receipt.movement_id})


def _can_go_back(receipt: m.Receipt) -> bool:
    """Whether it is a settlement; renegotiations and distratos are undone as a whole."""
    return receipt.gross > 0 and receipt.operation_id not in (REMADE, TERMINATED)


def reverse_receipt(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take a receipt back: {bill, installment, sequence?, estorno?}; the last when not told.

    With `estorno` it stays and an Estorno with negated values follows. No event is documented.
    """
    arguments = Arguments(world, given)
    arguments.only("bill", "installment", "sequence", "estorno")
    bill = arguments.bill()
    installment = arguments.installment(bill)
    receipts = {row.sequence: row for row in installment.receipts if _can_go_back(row)}
    if not receipts:
        raise Refused("the installment has no receipt that can go back")
    receipt = receipts.get(arguments.integer("sequence", max(receipts)))
    if receipt is None:
        raise Refused(f"no such receipt; there are {sorted(receipts)}")
    if installment.balance + receipt.gross > installment.original:
        raise Refused("the receipt was reversed already")
    if arguments.flag("estorno", default=False):
        reverse(world, installment, receipt, reversed_on=world.today)
    else:
        take_back(installment, receipt, changed_on=world.today)
    return {"bill": bill.id, "installment": describe_installment(installment)}
