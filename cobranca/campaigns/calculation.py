"""One calculation as people ask for it: the same for screen, API, agreement and document."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cobranca.calc.discounts import DiscountRequest
from cobranca.calc.errors import CalcError
from cobranca.calc.money import ZERO
from cobranca.calc.quote import Order, Quote, quote
from cobranca.calc.schedule import PlanTerms, Schedule, plan
from cobranca.calc.statement import Statement, statement
from cobranca.campaigns.items import DebtRow, Plan
from cobranca.campaigns.pricing import Debt, debt_of
from cobranca.campaigns.states import PlanKind
from cobranca.common.errors import DomainError

NO_DISCOUNTS = DiscountRequest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks to be calculated.

    `selection` None means what is late, of the creditor that is owed longest. `parts`,
    `down_payment` and `first_due` matter in parcels; in cash, `first_due` is when it is paid.
    """

    on: date
    selection: Collection[int] | None = None
    plan: str = PlanKind.CASH
    parts: int = 1
    down_payment: Decimal = ZERO
    first_due: date | None = None
    business_days: bool = False
    discounts: DiscountRequest = NO_DISCOUNTS
    expenses: Decimal = ZERO
    contract_ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """A priced selection: the whole debt, what was ordered, what came out, how it is paid."""

    asked: Asked
    debt: Debt
    order: Order
    quote: Quote
    schedule: Schedule

    @property
    def rows(self) -> list[DebtRow]:
        """The selected rows, in the order of the quote's lines."""
        return self.debt.selected({item.key for item in self.order.items})

    @property
    def statement(self) -> Statement:
        """The memória de cálculo."""
        return statement(self.order, self.quote, self.schedule)


def late_selection(debt: Debt) -> list[int]:
    """Return what is selected at first: all that is late of the creditor owed longest."""
    late = [row for row in debt.rows if row.is_selectable and row.delay > 0]
    if not late:
        return []
    creditor = min(late, key=lambda row: row.installment.due_date).contract.creditor_id
    return [row.installment.pk for row in late if row.contract.creditor_id == creditor]


def calculate(debtor_id: int, asked: Asked) -> Calculation:
    """Price a selection of a debtor's installments; nothing is saved.

    Raises DomainError at the field at fault: selection, on, campaign, index, parts,
    down_payment, first_due, expenses, discount_charges, discount_principal, discount_fee,
    final_value.
    """
    return calculate_debt(debt_of(debtor_id, asked.on, contract_ids=asked.contract_ids), asked)


def calculate_debt(debt: Debt, asked: Asked) -> Calculation:
    """The same on a debt already read."""
    chosen = late_selection(debt) if asked.selection is None else asked.selection
    order = debt.order(
        chosen,
        plan=Plan(asked.plan, asked.parts),
        discounts=asked.discounts,
        expenses=asked.expenses,
    )
    try:
        quoted = quote(order)
        schedule = _schedule(debt, asked, chosen, quoted.totals.total)
    except CalcError as error:
        raise DomainError(error.message, error.field) from error
    return Calculation(asked, debt, order, quoted, schedule)


def _schedule(debt: Debt, asked: Asked, chosen: Collection[int], total: Decimal) -> Schedule:
    first_due = asked.first_due or asked.on
    rows = debt.selected(chosen)
    campaign = rows[0].campaign
    terms = PlanTerms(
        parts_to=1,
        earliest_due=asked.on,
        business_days=asked.business_days,
        state=rows[0].contract.creditor.state,
        extra=campaign.holidays if campaign else frozenset(),
    )
    if asked.plan == PlanKind.CASH:
        return plan(total, 1, ZERO, first_due, terms=terms)
    rule = debt.financing_rule(chosen, asked.parts)
    terms = replace(
        terms,
        parts_from=rule.parts_from,
        parts_to=rule.parts_to,
        allows_down_payment=rule.allows_down_payment,
        minimum_down_payment_percent=rule.min_down_payment_percent,
    )
    rate = rule.monthly_rate_percent
    return plan(total, asked.parts, asked.down_payment, first_due, rate, terms)
