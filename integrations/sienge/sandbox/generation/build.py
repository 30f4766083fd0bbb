"""The world of a seed, sizes and date: the same three always give the same world."""

from datetime import date
from decimal import Decimal
from random import Random

from integrations.sandbox.clock import Clock
from integrations.sandbox.simulator import Options
from integrations.sienge.sandbox.generation.contracts import ContractMaker, drafts
from integrations.sienge.sandbox.generation.customers import add_customers
from integrations.sienge.sandbox.generation.reference_case import add_reference_case
from integrations.sienge.sandbox.generation.singles import add_singles
from integrations.sienge.sandbox.generation.structure import (
    add_companies,
    add_enterprises,
    add_unit,
)
from integrations.sienge.sandbox.world import World


def build_world(options: Options, clock: Clock, on: date) -> World:
    """Generate the world as it stands on a date, reference case included."""
    world = World(options.seed, clock)
    add_companies(world, _random(options, "companies"), options.companies)
    add_enterprises(world, _random(options, "enterprises"), on)
    customers = options.customers or max(options.contracts * 115 // 100, 12)
    add_customers(world, _random(options, "customers"), customers, on)
    random = _random(options, "contracts")
    maker = ContractMaker(world, random, options, on)
    for draft in drafts(random, options, on):
        maker.make(draft)
    add_singles(world, _random(options, "singles"), options, on)
    _add_unsold_units(world, _random(options, "units"))
    add_reference_case(world)
    return world


def _random(options: Options, subject: str) -> Random:
    """Return a generator of its own per subject, so that one does not shift the others."""
    return Random(f"{options.seed}:{subject}")


def _add_unsold_units(world: World, random: Random) -> None:
    for enterprise in list(world.enterprises.values()):
        for stock in "DDRC":
            price = Decimal(random.randrange(150_000, 900_000))
            add_unit(world, random, enterprise, price).stock = stock
