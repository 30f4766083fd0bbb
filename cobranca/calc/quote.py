"""The quote: selected installments priced for a day, with discounts, to the centavo."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter

from cobranca.calc.charges import NO_CHARGES, Charges, late_charges
from cobranca.calc.discounts import Parts, Spread, part_of, work_out
from cobranca.calc.errors import CalcError
from cobranca.calc.fee import collection_fees
from cobranca.calc.money import ZERO
from cobranca.calc.order import Item, Order, check_order

__all__ = ["Amounts", "GroupFigures", "Item", "Line", "Order", "Quote", "Totals", "quote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The components of a price, of one row or of all, and what they add up to."""

    original: Decimal
    correction: Decimal
    penalty: Decimal
    interest: Decimal
    fee: Decimal
    discount_principal: Decimal
    discount_penalty: Decimal
    discount_interest: Decimal
    discount_fee: Decimal
    early_discount: Decimal

    @property
    def principal(self) -> Decimal:
        return self.original + self.correction

    @property
    def charges(self) -> Decimal:
        return self.penalty + self.interest

    @property
    def updated(self) -> Decimal:
        """Atualizado: principal, encargos and honorários before discounts."""
        return self.principal + self.charges + self.fee

    @property
    def typed_discount(self) -> Decimal:
        """What was granted by somebody: the deságio is not."""
        return (
            self.discount_principal
            + self.discount_penalty
            + self.discount_interest
            + self.discount_fee
        )

    @property
    def discount(self) -> Decimal:
        """Desconto, early-payment discount included."""
        return self.typed_discount + self.early_discount

    @property
    def net(self) -> Decimal:
        """What is to be paid, expenses apart."""
        return self.updated - self.discount


NAMES = tuple(each.name for each in fields(Amounts))
COMPONENTS = attrgetter(*NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Amounts):
    """The price of one installment."""

    key: int
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Amounts):
    """Sums of the lines, and the expenses."""

    expenses: Decimal

    @property
    def total(self) -> Decimal:
        """Total do acordo: updated − discount + expenses."""
        return self.net + self.expenses


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One figure for each group of discounts."""

    charges: Decimal
    principal: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer: a line per item, in order, the sums, and how far discounts may go.

    `minimum` is the least Total do acordo; `ceilings` the largest discount of each group in reais,
    `max_percents` the same as a percentage ("Máx.%").
    """

    on: date
    lines: tuple[Line, ...]
    totals: Totals
    minimum: Decimal
    ceilings: GroupFigures
    max_percents: GroupFigures


@dataclass(frozen=True, slots=True)
class _Row:
    """An item once it is known how late it is and what that costs."""

    item: Item
    days_late: int
    principal: Decimal
    charges: Charges
    early_discount: Decimal

    @property
    def fee_base(self) -> Decimal:
        return self.principal + self.charges.total if self.days_late else ZERO

    @property
    def room(self) -> Decimal:
        """What the deságio leaves of the principal."""
        return self.principal - self.early_discount


def quote(order: Order) -> Quote:
    """Price the items of `order` as if paid on its day.

    Days late run from the effective due date; up to and including it a row carries neither encargos
    nor honorários (CAL-04, CAL-06). Late rows take the ERP's encargos, else the campaign's.
    Total = principal + encargos + honorários − discounts − deságio + expenses. The deságio of a row
    is at most its principal, and its discount on principal at most the rest: no line is negative.
    Raises CalcError naming the input at fault.
    """
    check_order(order)
    rows = [_row(item, order.on) for item in order.items]
    fees = collection_fees([r.fee_base for r in rows], [r.item.fee_percent for r in rows])
    parts = _parts(rows, fees)
    early = sum((row.early_discount for row in rows), ZERO)
    before = sum((part.total for part in parts), ZERO) - early + order.expenses
    lines = _lines(rows, fees, work_out(parts, order.discounts, before))
    groups = (parts.charges, parts.of_principal, parts.of_fee)
    return Quote(
        on=order.on,
        lines=lines,
        totals=_totals(lines, order.expenses),
        minimum=before - parts.ceiling,
        ceilings=GroupFigures(*(group.ceiling for group in groups)),
        max_percents=GroupFigures(*(group.max_percent for group in groups)),
    )


def _row(item: Item, on: date) -> _Row:
    days_late = max(0, (on - item.effective_due).days)
    principal = item.original + item.correction
    charges = NO_CHARGES
    if days_late and item.charges is not None:
        charges = item.charges
    elif days_late and item.terms is not None:
        charges = late_charges(principal, days_late, item.terms)
    elif days_late:
        raise CalcError(
            f"{item.name}: nem o ERP nem uma campanha diz os encargos do atraso.", "terms"
        )
    return _Row(item, days_late, principal, charges, min(item.early_discount, principal))


def _parts(rows: list[_Row], fees: list[Decimal]) -> Parts:
    limits = [row.item.ceilings for row in rows]
    principals = [row.principal for row in rows]
    rooms = [row.room for row in rows]
    penalties = [row.charges.penalty for row in rows]
    interests = [row.charges.interest for row in rows]
    return Parts(
        principal=part_of(zip(principals, (c.principal for c in limits), rooms, strict=True)),
        penalty=part_of(zip(penalties, (c.penalty for c in limits), penalties, strict=True)),
        interest=part_of(zip(interests, (c.interest for c in limits), interests, strict=True)),
        fee=part_of(zip(fees, (c.fee for c in limits), fees, strict=True)),
    )


def _lines(rows: list[_Row], fees: list[Decimal], discounts: Spread) -> tuple[Line, ...]:
    return tuple(
        Line(
            key=row.item.key,
            days_late=row.days_late,
            original=row.item.original,
            correction=row.item.correction,
            penalty=row.charges.penalty,
            interest=row.charges.interest,
            fee=fees[number],
            discount_principal=discounts.principal[number],
            discount_penalty=discounts.penalty[number],
            discount_interest=discounts.interest[number],
            discount_fee=discounts.fee[number],
            early_discount=row.early_discount,
        )
        for number, row in enumerate(rows)
    )


def _totals(lines: tuple[Line, ...], expenses: Decimal) -> Totals:
    columns = zip(*map(COMPONENTS, lines), strict=True)
    sums = dict(zip(NAMES, (sum(column, ZERO) for column in columns), strict=True))
    return Totals(**sums, expenses=expenses)
