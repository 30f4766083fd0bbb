"""Payment plans: which installments a contract is sold in."""

from datetime import date
from decimal import Decimal
from random import Random

from integrations.sandbox.dates import add_months, monthly_dates
from integrations.sienge.sandbox.model import Bill, Condition, Installment

DUE_DAYS = (5, 10, 15, 20, 25, 30)


def monthly_count(total: int) -> int:
    """Return how many of a plan's installments are monthly ones."""
    return total - sum(count for _, count, _ in _extra_lines(total)) - (1 if total > 1 else 0)


def _extra_lines(total: int) -> list[tuple[str, int, int]]:
    """Return the lines besides down payment and monthly ones: code, count, months apart.

    Which lines there are follows from the count, so that sizes can be planned beforehand.
    """
    if total < 12:
        return []
    lines = [("PI", total // 24, 12)] if total % 3 == 0 else []
    if total % 3 == 1:
        lines.append(("PS", total // 12, 6))
    if total % 2 == 0:
        lines.append(("CH", 1, 0))
    if total % 10 == 7:
        lines.append(("FI", 1, 0))
    if total % 20 == 9:
        lines.append(("PE", 1, 0))
    return [line for line in lines if line[1]]


def add_plan(bill: Bill, random: Random, *, total: int, annual: bool) -> None:
    """Give the bill its conditions and installments, everything open."""
    amount = Decimal(random.randrange(45_000, 260_000)) / 100
    indexer = random.choice((0, 0, 5, 5, 5, 6))
    base = add_months(bill.issued_on.replace(day=1), 0)
    bill.annual_correction = annual
    if total > 1:
        entry = (amount * random.randrange(3, 11)).quantize(Decimal("1"))
        add_line(bill, "AT", [bill.issued_on], entry, base=base)
    first = add_months(bill.issued_on, 1, wanted_day=random.choice(DUE_DAYS))
    count = monthly_count(total)
    code = "PA" if annual else "PM"
    add_line(bill, code, list(monthly_dates(first, count)), amount, base=base, indexer=indexer)
    for code, parts, apart in _extra_lines(total):
        start = add_months(first, apart or count)
        value = amount * {"PI": 4, "PS": 3, "CH": 30, "FI": 120, "PE": 25}[code]
        dates = list(monthly_dates(start, parts, every=apart or 1))
        add_line(bill, code, dates, value, base=base, indexer=indexer)


def add_line(
    bill: Bill, code: str, dates: list[date], value: Decimal, *, base: date, indexer: int = 0
) -> list[Installment]:
    """Append a condition with one installment of the value per date."""
    used = {id(i.condition): i.condition for i in bill.installments.values()}
    condition = Condition(
        code=code,
        base_on=base,
        first_on=dates[0],
        count=len(dates),
        total=value * len(dates),
        sequence=len(used) + 1,
        indexer_id=indexer,
        bearer_id=bill.company_id % 3 + 1,
    )
    first_id = max(bill.installments, default=0) + 1
    added = [
        Installment(
            id=number,
            due_on=due_on,
            original=value,
            balance=value,
            condition=condition,
            changed_on=bill.issued_on,
        )
        for number, due_on in enumerate(dates, first_id)
    ]
    bill.installments.update((installment.id, installment) for installment in added)
    return added
