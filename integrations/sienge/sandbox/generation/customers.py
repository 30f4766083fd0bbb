"""Customers with the defects real registries have."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox import names
from integrations.sandbox.documents import make_cpf
from integrations.sandbox.people import (
    Person,
    make_firm,
    make_landline,
    make_mobile,
    make_name,
    make_person,
)
from integrations.sienge.sandbox.model import (
    Address,
    Customer,
    Income,
    Phone,
    Procurator,
    Spouse,
)
from integrations.sienge.sandbox.world import World

FIRST_ID = 5001

# The ways one number gets typed: trunk zero, brackets, spaces, country code, no area code.
_PHONE_FORMS = (
    "(0{ddd}){number}",
    "(0{ddd}){number}",
    "0{ddd}{number}",
    "0{ddd}{number}",
    "{ddd}{number}",
    "({ddd}) {number}",
    "+55{ddd}{number}",
    "55 {ddd} {number}",
    "0 {ddd} {number}.",
)


def add_customers(world: World, random: Random, count: int, on: date) -> None:
    """Add the customers; the last two share one CPF, as duplicated registrations do."""
    for position in range(count):
        add_customer(world, random, on, oddity=_oddity(random, position))
    people = [c for c in world.customers.values() if c.cpf and c.id >= FIRST_ID]
    if len(people) > 3:
        people[-1].cpf = people[-2].cpf


def _oddity(random: Random, position: int) -> str:
    """Give the first customers one oddity each, so that small worlds have them all."""
    always = ("firm", "foreigner", "no-document", "no-phone", "procurator", "inactive", "married")
    if 2 <= position < 2 + len(always):
        return always[position - 2]
    weights = (80, 15, 15, 40, 20, 15, 250)
    return random.choices((*always, ""), (*weights, 1000 - sum(weights)))[0]


def add_customer(world: World, random: Random, on: date, *, oddity: str = "") -> Customer:
    """Add one customer registered some time before the date."""
    person = make_firm(random, on) if oddity == "firm" else make_person(random, on)
    created = on - timedelta(days=random.randrange(30, 3000))
    customer = Customer(
        id=world.new_id("customer", FIRST_ID),
        name=person.name,
        is_firm=person.cnpj is not None,
        created_on=created,
        changed_at=_changed_at(random, created, on),
        cpf=person.cpf,
        cnpj=person.cnpj,
        email=person.email,
    )
    _fill(random, customer, person)
    _make_odd(random, customer, oddity, on)
    world.customers[customer.id] = customer
    return customer


def _changed_at(random: Random, created: date, on: date) -> datetime:
    """Return when the row last changed: seldom in the last days, mostly long ago."""
    age = random.randrange(0, 10) if random.random() < 0.05 else random.randrange(10, 900)
    changed = max(created, on - timedelta(days=age))
    return datetime.combine(changed, time(random.randrange(8, 19), random.randrange(60)))


def _fill(random: Random, customer: Customer, person: Person) -> None:
    customer.born_on = person.born_on
    customer.addresses = [_address(person, "Comercial" if customer.is_firm else "Residencial")]
    customer.phones = _phones(random, person)
    if customer.is_firm:
        customer.fantasy_name, customer.contact_name = person.trade_name, person.contact
        customer.technical_manager = person.contact if random.random() < 0.2 else None
        return
    customer.is_woman = person.is_woman
    customer.birth_place = person.place.city.upper()
    customer.civil_status, customer.profession = person.civil_status, person.profession
    customer.identity_card = str(random.randrange(1_000_000, 9_999_999))
    customer.mother, customer.father = person.mother, person.father
    if random.random() < 0.15:
        customer.incomes = [Income(person.mother or "MÃE", "MÃE", Decimal("3200.50"))]


def _address(person: Person, kind: str) -> Address:
    place = person.place
    return Address(
        kind=kind,
        street=place.street,
        number=place.number,
        complement=place.complement,
        neighbourhood=place.neighbourhood,
        city_id=place.city_id,
        city=place.city,
        state=place.state,
        postcode=place.postcode,
    )


def _phones(random: Random, person: Person) -> list[Phone]:
    kinds = [("Celular", phone) for phone in person.mobiles]
    kinds += [("Comercial" if person.cnpj else "Residencial", p) for p in person.landlines]
    main = random.randrange(len(kinds)) if kinds else 0
    return [
        _phone(random, kind, ddd, number, main=position == main)
        for position, (kind, (ddd, number)) in enumerate(kinds)
    ]


def _phone(random: Random, kind: str, ddd: str, number: str, *, main: bool) -> Phone:
    phone = Phone(
        number=random.choice(_PHONE_FORMS).format(ddd=ddd, number=number),
        main=main,
        kind=kind,
        note="recado" if random.random() < 0.1 else None,
        idd="55" if random.random() < 0.1 else None,
    )
    if random.random() < 0.03:
        phone.number, phone.ddd = number, ddd
    return phone


def _make_odd(random: Random, customer: Customer, oddity: str, on: date) -> None:
    if oddity == "foreigner":
        customer.name = random.choice(names.FOREIGN_NAMES)
        customer.cpf, customer.international_id = None, f"AB{random.randrange(100_000, 999_999)}"
    elif oddity == "no-document":
        customer.cpf = None
    elif oddity == "no-phone":
        customer.phones = []
    elif oddity == "inactive":
        customer.active = False
    elif oddity == "procurator":
        customer.procurator = _procurator(random, on)
    elif oddity == "married":
        customer.spouse = _spouse(random, customer, on)
        customer.civil_status = "CASADO(A)"


def _spouse(random: Random, customer: Customer, on: date) -> Spouse:
    is_woman = not customer.is_woman
    ddd, number = make_mobile(random, "48")
    customer.matrimonial_regime = "COMUNHÃO PARCIAL DE BENS"
    customer.married_on = on - timedelta(days=random.randrange(300, 9000))
    return Spouse(
        name=make_name(random, is_woman=is_woman),
        cpf=make_cpf(random),
        sex="F" if is_woman else "M",
        born_on=on - timedelta(days=random.randrange(8000, 24_000)),
        cellphone=f"0{ddd}{number}"[:12],
        profession=random.choice(names.PROFESSIONS),
    )


def _procurator(random: Random, on: date) -> Procurator:
    ddd, number = make_landline(random, "48")
    return Procurator(
        name=make_name(random, is_woman=random.random() < 0.5),
        cpf=make_cpf(random),
        email="procurador@example.com",
        phone=Phone(number=f"0{ddd}{number}", main=True, kind="Comercial"),
        proxy_on=on - timedelta(days=random.randrange(100, 2000)),
    )
