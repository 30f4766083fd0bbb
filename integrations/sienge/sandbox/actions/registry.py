"""Customers and enterprises registered and changed."""

from collections.abc import Mapping
from random import Random
from typing import Any

from integrations.sandbox.simulator import Refused
from integrations.sienge.sandbox import events
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.actions.arguments import Arguments
from integrations.sienge.sandbox.book import describe_customer
from integrations.sienge.sandbox.generation.customers import add_customer
from integrations.sienge.sandbox.world import World, find

_FIELDS = ("name", "email", "cpf", "cnpj", "phones", "addresses", "active")


def new_customer(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Register a customer: {name?, email?, cpf?, cnpj?, phones?, addresses?, firm?, seed?}."""
    arguments = Arguments(world, given)
    arguments.only(*_FIELDS, "firm", "seed")
    seed = arguments.integer("seed", len(world.customers))
    random = Random(f"{world.seed}:customer:{seed}")
    oddity = "firm" if arguments.flag("firm", default=False) else ""
    customer = add_customer(world, random, world.today, oddity=oddity)
    customer.created_on = world.today
    _change(customer, arguments)
    world.touch_customer(customer)
    world.emit(events.CUSTOMER_CREATED, {"customerId": customer.id})
    return {"customer": describe_customer(customer)}


def change_customer(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Change a customer: {customer, name?, email?, cpf?, cnpj?, phones?, addresses?, active?}.

    `phones` is a list of {number, main?, type?, note?} and `addresses` one of {type, streetName,
    number, ...}; each replaces the whole list.
    """
    arguments = Arguments(world, given)
    arguments.only("customer", *_FIELDS)
    customer = arguments.customer()
    was_active = customer.active
    _change(customer, arguments)
    world.touch_customer(customer)
    disabled = was_active and not customer.active
    name = events.CUSTOMER_DISABLED if disabled else events.CUSTOMER_UPDATED
    world.emit(name, {"customerId": customer.id})
    return {"customer": describe_customer(customer)}


def _change(customer: m.Customer, arguments: Arguments) -> None:
    customer.name = arguments.text("name", customer.name)
    customer.active = arguments.flag("active", default=customer.active)
    for field in ("email", "cpf", "cnpj"):
        if arguments.has(field):
            setattr(customer, field, arguments.text(field) or None)
    if arguments.has("phones"):
        customer.phones = [_phone(row) for row in _rows(arguments, "phones")]
    if arguments.has("addresses"):
        customer.addresses = [_address(row) for row in _rows(arguments, "addresses")]


def _rows(arguments: Arguments, name: str) -> list[dict[str, Any]]:
    rows = arguments.raw(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(f"{name} must be a list of objects")
    return rows


def _phone(row: dict[str, Any]) -> m.Phone:
    if "number" not in row:
        raise Refused("a phone needs a number")
    kind, note = str(row.get("type", "Celular")), row.get("note")
    return m.Phone(str(row["number"]), bool(row.get("main")), kind, note)


def _address(row: dict[str, Any]) -> m.Address:
    return m.Address(
        kind=str(row.get("type", "Residencial")),
        street=str(row.get("streetName", "")),
        number=row.get("number"),
        complement=row.get("complement"),
        neighbourhood=row.get("neighborhood"),
        city_id=row.get("cityId"),
        city=row.get("city"),
        state=row.get("state"),
        postcode=row.get("zipCode"),
    )


def remove_phone(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take a phone off a customer: {customer, number?}; the last when not told."""
    arguments = Arguments(world, given)
    arguments.only("customer", "number")
    customer = arguments.customer()
    numbers = [phone.number for phone in customer.phones]
    if not numbers:
        raise Refused("the customer has no phone")
    number = arguments.text("number", numbers[-1])
    if number not in numbers:
        raise Refused(f"no such phone; there are {numbers}")
    del customer.phones[numbers.index(number)]
    world.touch_customer(customer)
    world.emit(events.CUSTOMER_UPDATED, {"customerId": customer.id})
    return {"customer": describe_customer(customer), "removed": number}


def new_enterprise(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    """Open an enterprise and its cost centre: {company, name, id?}."""
    arguments = Arguments(world, given)
    arguments.only("company", "name", "id")
    company = find(world.companies, arguments.raw("company"), "company")
    first_free = max(world.enterprises) + 1
    enterprise_id = arguments.integer("id", first_free)
    if enterprise_id in world.enterprises:
        raise Refused("the id is taken")
    fields = ("streetName", "number", "complement", "neighborhood", "city", "state", "zipCode")
    world.enterprises[enterprise_id] = m.Enterprise(
        id=enterprise_id,
        company_id=company.id,
        name=arguments.text("name"),
        cnpj=company.cnpj,
        address=dict.fromkeys(fields),
        created_on=world.today,
        changed_on=world.today,
    )
    world.emit(events.COST_CENTER_CREATED, {"costCenterId": enterprise_id})
    return {"enterprise": enterprise_id, "company": company.id}
