"""Distrato: a contract ends and takes its open installments with it, without money."""

from datetime import date

from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.catalog import TERMINATED
from integrations.sienge.sandbox.settlement import Settling, settle_all
from integrations.sienge.sandbox.world import World


def cancel(world: World, contract: m.Contract, *, on: date, reason: str) -> None:
    """Cancel a contract: Distrato on every open installment, its units free again."""
    bill = world.bills.get(contract.bill_id or 0)
    open_ones = [i for i in bill.installments.values() if i.is_open] if bill else []
    contract.cancelled_value = sum((i.balance for i in open_ones), start=m.ZERO)
    contract.situation, contract.cancelled_on = m.CANCELLED, on
    contract.cancel_reason = reason
    world.touch_contract(contract)
    for unit in (world.units[unit_id] for unit_id in contract.unit_ids):
        unit.stock, unit.contract_id = "D", None
    if bill:
        bill.revoked_on = on
        settle_all(world, bill, Settling(m.ZERO, on, world.today, operation_id=TERMINATED))
    world.emit(events.CONTRACT_CANCELED, {"salesContractId": contract.id})
