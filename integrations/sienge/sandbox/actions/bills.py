"""Stand-alone bills entered, and bills removed or classified."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.dates import add_months, monthly_dates
from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.arguments import Arguments
from integrations.sienge.sandbox.actions.installments import tell_installment
from integrations.sienge.sandbox.book import describe_bill
from integrations.sienge.sandbox.catalog import DOCUMENT_TYPES, ORIGINS
from integrations.sienge.sandbox.generation.contracts import FIRST_BILL
from integrations.sienge.sandbox.generation.plans import add_line
from integrations.sienge.sandbox.world import World, find

# The bulk letter of each situation and the word the ERP's screens show.
_SITUATIONS = {
    m.NORMAL: ("N", "Normal"),
    m.IN_BILLING: ("C", "Em cobrança"),
    m.DEFAULTING: ("I", "Inadimplente"),
    m.SUB_JUDICE: ("J", "Sub judice"),
}


def new_avulso(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a bill without contract.

    Takes {customer, company, amount, document_type?, number?, origin?, installments?,
    first_due_on?, enterprise?, forecast?, registration?}.
    """
    arguments = Arguments(world, given)
    arguments.only(
        *("customer", "company", "amount", "document_type", "number", "origin", "installments"),
        *("first_due_on", "enterprise", "forecast", "registration"),
    )
    company = find(world.companies, arguments.raw("company"), "company")
    bill = m.Bill(
        id=world.new_id("bill", FIRST_BILL),
        company_id=company.id,
        customer_id=arguments.customer().id,
        document_type=_one_of(arguments, "document_type", "FAT", tuple(DOCUMENT_TYPES)),
        document_number="",
        issued_on=world.today,
        enterprise_id=arguments.integer("enterprise") if arguments.has("enterprise") else None,
        origin=_one_of(arguments, "origin", "CR", ORIGINS),
        registration=arguments.text("registration", m.COMPLETE),
        is_forecast=arguments.flag("forecast", default=False),
    )
    bill.document_number = arguments.text("number", str(bill.id))
    count = arguments.integer("installments", 1)
    first = arguments.day("first_due_on", add_months(world.today, 1))
    amount, code = arguments.money("amount"), "UN" if count == 1 else "PM"
    base = world.today.replace(day=1)
    add_line(bill, code, list(monthly_dates(first, count)), amount, base=base)
    world.add_bill(bill)
    for number in bill.installments:
        tell_installment(world, events.INSTALLMENT_CREATED, bill, number)
    return {"bill": bill.id, "created": describe_bill(world, bill)}


def _one_of(arguments: Arguments, name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = arguments.text(name, default)
    if value not in allowed:
        raise Refused(f"{name} must be one of {', '.join(allowed)}")
    return value


def remove_bill(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a bill and its contract as if they had never been: {bill}."""
    arguments = Arguments(world, given)
    arguments.only("bill")
    bill = arguments.bill()
    world.remove_bill(bill)
    for number in bill.installments:
        tell_installment(world, events.INSTALLMENT_REMOVED, bill, number)
    contract = world.contracts.pop(bill.contract_id or 0, None)
    if contract:
        for unit in (world.units[unit_id] for unit_id in contract.unit_ids):
            unit.stock, unit.contract_id = "D", None
        world.emit(events.CONTRACT_REMOVED, {"salesContractId": contract.id})
    return {"bill": bill.id, "contract": contract.id if contract else None}


def classify_bill(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Set a bill's collection situation.

    Takes {bill, situation: normal|inBilling|defaulting|subjudice, note?}.
    """
    arguments = Arguments(world, given)
    arguments.only("bill", "situation", "note")
    bill = arguments.bill()
    situation = arguments.text("situation")
    if situation not in _SITUATIONS:
        raise Refused(f"situation must be one of {', '.join(_SITUATIONS)}")
    letter, word = _SITUATIONS[situation]
    bill.situation = situation
    note = arguments.text("note", "") or None
    bill.activities.append(m.Activity(world.today, letter, note))
    world.touch_bill(bill)
    world.emit(events.BILL_SITUATION, {"receivableBillId": [bill.id], "situation": word})
    return {"bill": bill.id, "situation": situation}
