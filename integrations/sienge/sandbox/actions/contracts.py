"""Contracts sold, issued, cancelled and ceded."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from integrations.sandbox.dates import add_months, monthly_dates
from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.arguments import Arguments
from integrations.sienge.sandbox.actions.installments import tell_installment
from integrations.sienge.sandbox.book import describe_bill
from integrations.sienge.sandbox.cancellation import cancel
from integrations.sienge.sandbox.generation.contracts import FIRST_BILL, FIRST_CONTRACT
from integrations.sienge.sandbox.generation.plans import add_line
from integrations.sienge.sandbox.generation.structure import add_unit
from integrations.sienge.sandbox.world import World, find

_PLAN = ("installments", "amount", "first_due_on", "entry", "indexer")


def new_contract(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Sell a unit: {customer, enterprise, number?, company?, signed_on?, issued?, co_holder?}.

    The plan is {installments?: 36, amount?: 1000, first_due_on?, entry?, indexer?}; with
    `issued` false the contract has no bill yet.
    """
    arguments = Arguments(world, given)
    own = ("customer", "enterprise", "number", "company", "signed_on", "issued", "co_holder")
    arguments.only(*own, *_PLAN)
    enterprise = find(world.enterprises, arguments.raw("enterprise"), "enterprise")
    company_id = arguments.integer("company", enterprise.company_id)
    find(world.companies, company_id, "company")
    holders = _holders(arguments)
    signed_on = arguments.day("signed_on")
    contract = m.Contract(
        id=world.new_id("contract", FIRST_CONTRACT),
        number="",
        company_id=company_id,
        enterprise_id=enterprise.id,
        signed_on=signed_on,
        value=m.ZERO,
        created_on=world.today,
        changed_on=world.today,
        situation=m.AUTHORISED,
        holders=holders,
        terms=m.Terms(pro_rata_indexer=2),
        delivery_on=enterprise.keys_on,
    )
    _sell_unit(world, contract, enterprise, arguments.text("number", f"VD-{contract.id}"))
    world.contracts[contract.id] = contract
    world.emit(events.CONTRACT_CREATED, {"salesContractId": contract.id})
    if arguments.flag("issued", default=True):
        return _issue(arguments, contract)
    return {"contract": contract.id, "bill": None}


def _holders(arguments: Arguments) -> list[m.Holder]:
    customer = arguments.customer()
    if not arguments.has("co_holder"):
        return [m.Holder(customer.id, True, False, Decimal("100.0"))]
    half, other = Decimal("50.0"), arguments.customer("co_holder")
    return [m.Holder(customer.id, True, False, half), m.Holder(other.id, False, True, half)]


def _sell_unit(world: World, contract: m.Contract, enterprise: m.Enterprise, number: str) -> None:
    random = Random(f"{world.seed}:unit:{contract.id}")
    unit = add_unit(world, random, enterprise, Decimal(250_000))
    unit.stock, unit.contract_id = "V", contract.id
    contract.unit_ids, contract.number = [unit.id], number


def issue_contract(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Issue a contract that has no bill yet: {contract} and the plan as in new_contract."""
    arguments = Arguments(world, given)
    arguments.only("contract", *_PLAN)
    contract = arguments.contract()
    if contract.bill_id is not None or contract.situation == m.CANCELLED:
        raise Refused("the contract is issued or cancelled already")
    return _issue(arguments, contract)


def _issue(arguments: Arguments, contract: m.Contract) -> dict[str, Any]:
    world = arguments.world
    bill = m.Bill(
        id=world.new_id("bill", FIRST_BILL),
        company_id=contract.company_id,
        customer_id=contract.main_customer_id,
        document_type="CT",
        document_number=contract.number,
        issued_on=max(contract.signed_on, contract.created_on),
        enterprise_id=contract.enterprise_id,
        contract_id=contract.id,
        unit_ids=contract.unit_ids,
        terms=contract.terms,
    )
    _add_plan(arguments, bill)
    contract.bill_id, contract.issued_on = bill.id, world.today
    contract.situation, contract.value = m.ISSUED, bill.value
    world.touch_contract(contract)
    world.add_bill(bill)
    world.touch_bill(bill)
    world.emit(events.CONTRACT_ISSUED, {"salesContractId": contract.id})
    for number in bill.installments:
        tell_installment(world, events.INSTALLMENT_CREATED, bill, number)
    return {"contract": contract.id, "bill": bill.id, "created": describe_bill(world, bill)}


def _add_plan(arguments: Arguments, bill: m.Bill) -> None:
    count = arguments.integer("installments", 36)
    if count < 1:
        raise Refused("installments must be at least 1")
    first = arguments.day("first_due_on", add_months(arguments.world.today, 1))
    base = bill.issued_on.replace(day=1)
    indexer = arguments.integer("indexer", 0)
    amount = arguments.money("amount", Decimal("1000.00"))
    if arguments.has("entry"):
        add_line(bill, "AT", [bill.issued_on], arguments.money("entry"), base=base)
    dates = list(monthly_dates(first, count))
    add_line(bill, "PM", dates, amount, base=base, indexer=indexer)


def change_contract(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Change a contract: {contract or bill, number?, fine_percent?, interest_percent?}."""
    arguments = Arguments(world, given)
    arguments.only("contract", "bill", "number", "fine_percent", "interest_percent")
    contract = arguments.contract()
    contract.number = arguments.text("number", contract.number)
    bill = world.bills.get(contract.bill_id or 0)
    if bill:
        bill.document_number = contract.number
    if contract.terms:
        terms = contract.terms
        terms.fine_percent = arguments.money("fine_percent", terms.fine_percent)
        terms.interest_percent = arguments.money("interest_percent", terms.interest_percent)
    world.touch_contract(contract)
    world.emit(events.CONTRACT_UPDATED, {"salesContractId": contract.id})
    return {"contract": contract.id, "bill": contract.bill_id}


def cancel_contract(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Cancel a contract (distrato): {contract or bill, on?, reason?}."""
    arguments = Arguments(world, given)
    arguments.only("contract", "bill", "on", "reason")
    contract = arguments.contract()
    if contract.situation == m.CANCELLED:
        raise Refused("the contract is cancelled already")
    reason = arguments.text("reason", "Distrato por inadimplência")
    cancel(world, contract, on=arguments.day("on"), reason=reason)
    return {"contract": contract.id, "bill": contract.bill_id}


def cede(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give a contract to another customer (cessão): {contract or bill, customer, on?}."""
    arguments = Arguments(world, given)
    arguments.only("contract", "bill", "customer", "on")
    contract, customer = arguments.contract(), arguments.customer()
    bill = find(world.bills, contract.bill_id, "bill of the contract")
    before = world.holders_of(bill)
    if contract.main_customer_id == customer.id:
        raise Refused("the customer holds it already")
    contract.holders = [m.Holder(customer.id, True, False, Decimal("100.0"))]
    world.rehold_bill(bill, customer.id)
    world.touch_contract(contract)
    world.touch_bill(bill)
    world.emit(
        events.RIGHTS_ASSIGNED,
        {
            "receivableBillId": bill.id,
            "dtRightAssignment": arguments.day("on").isoformat(),
            "customersIdBefore": before,
            "customersIdAfter": [customer.id],
        },
    )
    return {"contract": contract.id, "bill": bill.id, "before": before, "after": [customer.id]}
