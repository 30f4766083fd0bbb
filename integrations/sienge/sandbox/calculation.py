"""What an installment is worth on a day: index correction, then fine and interest.

Reference section 5.2. The parts are rounded before they are added up, which is what the
screens of the playbook show; one cent of noise remains on some of them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from integrations.sandbox.dates import add_months, months_between, next_business_day
from integrations.sienge.sandbox.catalog import INDEXERS
from integrations.sienge.sandbox.model import ZERO, Bill, Installment, Terms

_CENT = Decimal("0.01")
_SERIES_START = date(2010, 1, 1)


def cents(value: Decimal) -> Decimal:
    """Round money to cents, halves up."""
    return value.quantize(_CENT, ROUND_HALF_UP)


@lru_cache(maxsize=4096)
def published_value(indexer_id: int, year: int, month: int) -> Decimal:
    """Return the value the index had in a month."""
    index = INDEXERS[indexer_id]
    if not index.monthly_percent:
        return index.base
    months = months_between(_SERIES_START, date(year, month, 1))
    return (index.base * (1 + index.monthly_percent / 100) ** months).quantize(Decimal("0.001"))


@lru_cache(maxsize=4096)
def index_value(indexer_id: int, year: int, month: int) -> Decimal:
    """Return the value that corrects a month: that of so many months before it."""
    used = add_months(date(year, month, 1), -INDEXERS[indexer_id].retroactivity)
    return published_value(indexer_id, used.year, used.month)


def correction_month(base: date, on: date, *, annual: bool) -> date:
    """Return the month whose index applies: this one, or the last anniversary of the base."""
    if on <= base:
        return base
    months = months_between(base, on)
    return add_months(base.replace(day=1), months - months % 12 if annual else months)


def corrected(
    value: Decimal,
    installment: Installment,
    on: date,
    *,
    annual: bool,
    indexer_id: int | None = None,
) -> Decimal:
    """Return a part of the installment's original value corrected to a day."""
    condition = installment.condition
    indexer = condition.indexer_id if indexer_id is None else indexer_id
    if indexer == 0 or not value:
        return value
    base = condition.base_on
    until = correction_month(base, on, annual=annual)
    factor = index_value(indexer, until.year, until.month) / index_value(
        indexer, base.year, base.month
    )
    return cents(value * factor)


@dataclass(frozen=True, slots=True)
class Additions:
    """What delay adds, in the three parts the bulk API separates."""

    pro_rata: Decimal = ZERO
    fine: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The one figure the present debit balance shows."""
        return self.pro_rata + self.fine + self.interest


def days_late(due_on: date, on: date) -> int:
    """Return days since the due date, moved to a business day; zero when not late."""
    if on <= due_on:
        return 0
    return max((on - next_business_day(due_on)).days, 0)


def additions_for(value: Decimal, days: int, terms: Terms | None) -> Additions:
    """Return what so many days of delay add to a corrected value under the contract's terms."""
    if terms is None or days <= 0 or not value:
        return Additions()
    months = Decimal(days) / 30
    percent = INDEXERS[terms.pro_rata_indexer].monthly_percent if terms.pro_rata_indexer else ZERO
    base = value * (1 + percent / 100 * months)
    fine = base * terms.fine_percent / 100
    return Additions(
        pro_rata=cents(base - value),
        fine=cents(fine),
        interest=cents(_interest(base + fine, months, days, terms)),
    )


def _interest(base: Decimal, months: Decimal, days: int, terms: Terms) -> Decimal:
    if terms.calculation == "D" and terms.daily_interest is not None:
        return terms.daily_interest * days
    rate = terms.interest_percent / 100
    if terms.interest_type == "C":
        return base * ((1 + rate) ** months - 1)
    return base * rate * months


@dataclass(frozen=True, slots=True)
class Position:
    """An installment on a day: what is open, corrected, and with additions."""

    open: Decimal
    adjusted: Decimal
    days: int
    additions: Additions

    @property
    def balance(self) -> Decimal:
        """What pays it off on the day."""
        return self.adjusted + self.additions.total


def position(
    bill: Bill, installment: Installment, on: date, *, correct_annual: bool = False
) -> Position:
    """Return what the installment is worth on a day.

    Installments with annual correction keep the last anniversary's index unless asked.
    """
    annual = bill.annual_correction and not correct_annual
    adjusted = corrected(installment.balance, installment, on, annual=annual)
    days = days_late(installment.due_on, on) if installment.is_open else 0
    return Position(
        open=installment.balance,
        adjusted=adjusted,
        days=days,
        additions=additions_for(adjusted, days, bill.terms),
    )
