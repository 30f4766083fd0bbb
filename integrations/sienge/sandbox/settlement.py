"""How an installment is settled, in part or whole, and how that is taken back."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from integrations.sienge.sandbox.calculation import additions_for, corrected, days_late
from integrations.sienge.sandbox.catalog import MONEY_OPERATIONS, RECEIVED, REVERSED
from integrations.sienge.sandbox.model import ZERO, Bill, Installment, Receipt
from integrations.sienge.sandbox.world import World

_FIRST_MOVEMENT = 100_001


@dataclass(frozen=True, slots=True)
class Settling:
    """How something is settled; `gross` leaves the original balance.

    Money received late also brings correction, fine and interest unless `charges` is off;
    the non-cash operations never do.
    """

    gross: Decimal
    paid_on: date
    changed_on: date
    operation_id: int = RECEIVED
    charges: bool = True
    discount: Decimal = ZERO


def settle(world: World, bill: Bill, installment: Installment, how: Settling) -> Receipt:
    """Take the gross off the original balance and note the receipt."""
    is_money = how.operation_id in MONEY_OPERATIONS
    receipt = Receipt(
        sequence=max((each.sequence for each in installment.receipts), default=0) + 1,
        operation_id=how.operation_id,
        gross=how.gross,
        paid_on=how.paid_on,
        calculated_on=how.paid_on,
        discount=how.discount,
        movement_id=world.new_id("movement", _FIRST_MOVEMENT) if is_money else None,
    )
    if is_money and how.charges:
        _charge(bill, installment, receipt)
    installment.receipts.append(receipt)
    installment.balance -= how.gross
    installment.changed_on = how.changed_on
    return receipt


def settle_all(world: World, bill: Bill, how: Settling) -> None:
    """Settle what is open of every installment of a bill; the gross is each one's balance."""
    for installment in bill.installments.values():
        if installment.is_open:
            settle(world, bill, installment, replace(how, gross=installment.balance))


def _charge(bill: Bill, installment: Installment, receipt: Receipt) -> None:
    annual = bill.annual_correction
    value = corrected(receipt.gross, installment, receipt.paid_on, annual=annual)
    days = days_late(installment.due_on, receipt.paid_on)
    additions = additions_for(value, days, bill.terms)
    receipt.correction = value - receipt.gross
    receipt.fine = additions.fine
    receipt.interest = additions.interest + additions.pro_rata


def take_back(installment: Installment, receipt: Receipt, *, changed_on: date) -> None:
    """Remove a receipt and open again what it had closed."""
    installment.receipts.remove(receipt)
    installment.balance += receipt.gross
    installment.changed_on = changed_on


def reverse(
    world: World, installment: Installment, receipt: Receipt, *, reversed_on: date
) -> Receipt:
    """Keep the receipt and add an Estorno with its values negated."""
    reversal = Receipt(
        sequence=max(each.sequence for each in installment.receipts) + 1,
        operation_id=REVERSED,
        gross=-receipt.gross,
        paid_on=reversed_on,
        calculated_on=reversed_on,
        correction=-receipt.correction,
        interest=-receipt.interest,
        fine=-receipt.fine,
        discount=-receipt.discount,
        movement_id=world.new_id("movement", _FIRST_MOVEMENT),
    )
    installment.receipts.append(reversal)
    installment.balance += receipt.gross
    installment.changed_on = reversed_on
    return reversal
