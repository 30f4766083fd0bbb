"""Stand-alone bills (avulsos): services, taxes, invoices, forecasts, half-entered ones."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox.dates import monthly_dates
from integrations.sandbox.simulator import Options
from integrations.sienge.sandbox import model as m
from integrations.sienge.sandbox.generation.contracts import FIRST_BILL
from integrations.sienge.sandbox.generation.history import PROFILES, live
from integrations.sienge.sandbox.generation.plans import add_line
from integrations.sienge.sandbox.generation.structure import company_ids
from integrations.sienge.sandbox.world import World

# Document type, origin, forecast, registration: each small world gets one of each.
_KINDS = (
    ("NF", "CR", False, m.COMPLETE),
    ("FAT", "CR", False, m.COMPLETE),
    ("REC", "CR", False, m.COMPLETE),
    ("PRV", "CR", True, m.COMPLETE),
    ("CT", "CR", False, m.INCOMPLETE),
    ("CHQ", "CR", False, m.BEING_ENTERED),
    ("NFS", "NS", False, m.COMPLETE),
    ("TC", "SC", False, m.COMPLETE),
    ("AV", "LO", False, m.COMPLETE),
    ("CESS", "CR", False, m.COMPLETE),
)


def add_singles(world: World, random: Random, options: Options, on: date) -> None:
    """Add bills without a contract, most of them without an enterprise either."""
    if not options.extras_percent:
        return
    count = max(options.contracts * options.extras_percent // 300, len(_KINDS))
    customers = sorted(world.customers)
    for position in range(count):
        kind = _KINDS[position % len(_KINDS)]
        customer_id = customers[(position * 7) % len(customers)]
        company_id = company_ids(options.companies)[position % options.companies]
        _add_single(world, random, on, kind, customer_id, company_id)


def _add_single(
    world: World,
    random: Random,
    on: date,
    kind: tuple[str, str, bool, str],
    customer_id: int,
    company_id: int,
) -> None:
    document_type, origin, is_forecast, registration = kind
    owned = [e.id for e in world.enterprises.values() if e.company_id == company_id]
    bill = m.Bill(
        id=world.new_id("bill", FIRST_BILL),
        company_id=company_id,
        customer_id=customer_id,
        document_type=document_type,
        document_number=str(random.randrange(1000, 99_999)),
        issued_on=on - timedelta(days=random.randrange(40, 400)),
        enterprise_id=random.choice(owned) if random.random() < 0.25 else None,
        origin=origin,
        registration=registration,
        is_forecast=is_forecast,
    )
    parts = random.choice((1, 1, 2, 3, 6))
    amount = Decimal(random.randrange(8_000, 900_000)) / 100
    first = bill.issued_on + timedelta(days=30)
    code = "UN" if parts == 1 else "PM"
    dates = list(monthly_dates(first, parts))
    add_line(bill, code, dates, amount, base=bill.issued_on.replace(day=1))
    world.add_bill(bill)
    if random.random() < 0.5:
        live(world, bill, random, PROFILES[1], on)
