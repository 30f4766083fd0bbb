"""Renegotiations made and undone inside the ERP."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.dates import add_months
from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.arguments import Arguments
from integrations.sienge.sandbox.actions.installments import tell_installment
from integrations.sienge.sandbox.calculation import position
from integrations.sienge.sandbox.remaking import Agreement, NewLine, remake, undo
from integrations.sienge.sandbox.world import World


def renegotiate(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Replace installments by new ones: {bill, installments?, parts?, total?, first_due_on?, on?}.

    Without `installments` the overdue ones; without `total` what they are worth on the day.
    """
    arguments = Arguments(world, given)
    arguments.only("bill", "installments", "parts", "total", "first_due_on", "on", "condition")
    bill = arguments.bill()
    replaced = _replaced(arguments, bill)
    remade_on = arguments.day("on")
    worth = sum((position(bill, row, remade_on).balance for row in replaced), start=m.ZERO)
    line = NewLine(
        code=arguments.condition("PM"),
        total=arguments.money("total", worth),
        count=arguments.integer("parts", 6),
        first_on=arguments.day("first_due_on", add_months(remade_on, 1)),
        base_on=add_months(remade_on.replace(day=1), -1),
        indexer_id=replaced[0].condition.indexer_id,
        bearer_id=replaced[0].condition.bearer_id,
    )
    if line.count < 1:
        raise Refused("parts must be at least 1")
    made = apply(world, bill, Agreement(replaced, [line], remade_on))
    return {"bill": bill.id, "replaced": list(made.replaced), "generated": made.generated_ids}


def apply(world: World, bill: m.Bill, agreed: Agreement) -> m.Remaking:
    """Renegotiate today and tell: the old ones were updated, the new ones created."""
    made = remake(world, bill, agreed, changed_on=world.today)
    _touch_contract(world, bill)
    for number in made.replaced:
        tell_installment(world, events.INSTALLMENT_UPDATED, bill, number)
    for number in made.generated_ids:
        tell_installment(world, events.INSTALLMENT_CREATED, bill, number)
    return made


def _replaced(arguments: Arguments, bill: m.Bill) -> list[m.Installment]:
    rows = sorted(bill.installments.values(), key=lambda row: row.id)
    if arguments.has("installments"):
        wanted = {int(number) for number in arguments.raw("installments")}
        rows = [row for row in rows if row.id in wanted]
        if len(rows) != len(wanted) or not all(row.is_open for row in rows):
            raise Refused("some of the installments are unknown or settled")
    else:
        rows = [row for row in rows if row.is_open and row.due_on < arguments.world.today]
    if not rows:
        raise Refused("nothing to renegotiate")
    return rows


def undo_renegotiation(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Undo a renegotiation: {bill, on?}; the last when its date is not told."""
    arguments = Arguments(world, given)
    arguments.only("bill", "on")
    bill = arguments.bill()
    wanted = arguments.day("on") if arguments.has("on") else None
    found = [row for row in bill.remakings if wanted in (None, row.remade_on)]
    if not found:
        raise Refused("no such renegotiation")
    undo_remaking(world, bill, found[-1])
    return {
        "bill": bill.id,
        "reopened": list(found[-1].replaced),
        "removed": found[-1].generated_ids,
    }


def undo_remaking(world: World, bill: m.Bill, remaking: m.Remaking) -> None:
    """Undo a renegotiation today and tell: the new ones are gone, the old ones updated."""
    undo(world, bill, remaking, changed_on=world.today)
    _touch_contract(world, bill)
    for number in remaking.generated_ids:
        tell_installment(world, events.INSTALLMENT_REMOVED, bill, number)
    for number in remaking.replaced:
        tell_installment(world, events.INSTALLMENT_UPDATED, bill, number)


def _touch_contract(world: World, bill: m.Bill) -> None:
    contract = world.contracts.get(bill.contract_id or 0)
    if contract:
        world.touch_contract(contract)
