"""Companies, enterprises and units: where the contracts will live."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox import names
from integrations.sandbox.documents import format_cnpj, make_cnpj
from integrations.sandbox.people import make_place
from integrations.sienge.sandbox.model import Account, Company, Enterprise, Unit
from integrations.sienge.sandbox.world import World

# The company of the reference's examples; generated ones go round it.
REFERENCE_COMPANY = 17

# Names as they are found: doubled spaces, trailing ones, quotes, dashes, repeated words.
_NAME_QUIRKS = ("{} ", "{}  - FASE II", '"{}"', "{} – TORRE ÚNICA", "{}", "{}", "{}", "{}")


def company_ids(count: int) -> list[int]:
    """Return the ids of the generated companies, 1 and up without the reference's."""
    return [number for number in range(1, count + 2) if number != REFERENCE_COMPANY][:count]


def add_companies(world: World, random: Random, count: int) -> None:
    """Add the companies, each with its checking account."""
    for company_id in company_ids(count):
        surname = random.choice(names.SURNAMES)
        world.companies[company_id] = Company(
            id=company_id,
            name=f"{surname} INCORPORAÇÕES {company_id:02d} SPE LTDA",
            trade_name=f"CONSTRUTORA {surname}",
            cnpj=format_cnpj(make_cnpj(random)),
            account=_account(random, company_id),
        )


def _account(random: Random, company_id: int) -> Account:
    return Account(
        number=f"{random.randrange(10_000, 99_999)}-{company_id % 10}",
        name=f"CTACOBRANCA{company_id:02d}",
        agency=f"{random.randrange(1, 9999):04d}",
        bank="001",
        bank_name="BANCO DO BRASIL S.A.",
    )


def add_enterprises(world: World, random: Random, on: date) -> None:
    """Add some enterprises per company, a few of them odd in name or kind."""
    for company_id in list(world.companies):
        for position in range(1, 5 if company_id == 1 else 3):
            _add_enterprise(world, random, company_id, company_id * 100 + position, on)
    # One name used twice, as tenants do with the phases of a development.
    first, *_, last = world.enterprises.values()
    last.name = first.name


def _add_enterprise(
    world: World, random: Random, company_id: int, enterprise_id: int, on: date
) -> None:
    company = world.companies[company_id]
    created = on - timedelta(days=random.randrange(3000, 4500))
    delivered = created + timedelta(days=random.randrange(900, 6000))
    place = make_place(random)
    world.enterprises[enterprise_id] = Enterprise(
        id=enterprise_id,
        company_id=company_id,
        name=random.choice(_NAME_QUIRKS).format(random.choice(names.BUILDINGS)),
        cnpj=company.cnpj,
        kind="1" if enterprise_id % 4 else "4",
        address={
            "streetName": place.street,
            "number": place.number,
            "complement": None,
            "neighborhood": place.neighbourhood,
            "city": place.city,
            "state": place.state,
            "zipCode": place.postcode,
        },
        created_on=created,
        changed_on=created + timedelta(days=random.randrange(30, 900)),
        towers=random.choice((("A",), ("A", "B"), ("NORTE", "SUL"))),
        keys_on=delivered,
        enabled=random.random() < 0.9,
    )


def add_unit(world: World, random: Random, enterprise: Enterprise, price: Decimal) -> Unit:
    """Add the next unit of an enterprise, unsold."""
    unit_id = world.new_id("unit", 10_001)
    floor, door = divmod(unit_id, 7)
    unit = Unit(
        id=unit_id,
        enterprise_id=enterprise.id,
        name=f"{floor % 25 + 1}{door + 1:02d}",
        price=price,
        kind="LOTE" if "LOTEAMENTO" in enterprise.name else "APARTAMENTO",
        tower=random.choice(enterprise.towers),
        floor=str(floor % 25 + 1),
        area=Decimal(random.randrange(3800, 18_000)) / 100,
        delivery_on=enterprise.keys_on,
        registry=f"{random.randrange(1, 99)}.{random.randrange(100, 999)}",
    )
    world.units[unit_id] = unit
    return unit
