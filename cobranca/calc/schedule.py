"""Parcels of an agreement: amounts that add up, dates that keep their day (AGR-02, CAL-03)."""

from calendar import monthrange
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from cobranca.calc.calendar import next_business_day
from cobranca.calc.errors import CalcError
from cobranca.calc.money import (
    CENT,
    EXACT,
    ONE,
    ZERO,
    fraction,
    in_cents,
    percent_of,
    to_cents,
)
from cobranca.calc.words import day_text, percentage, reais


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a bracket allows, and how due dates move.

    `earliest_due` is the first day a parcel may fall due, usually the day of the agreement.
    """

    parts_from: int = 1
    parts_to: int = 180
    allows_down_payment: bool = True
    minimum_down_payment_percent: Decimal = ZERO
    earliest_due: date | None = None
    business_days: bool = False
    state: str = ""
    extra: Set[date] = frozenset()


ANY_PLAN = PlanTerms()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an agreement."""

    number: int
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Amortization:
    """How a parcel divides into juros and amortization, and what is owed after it."""

    number: int
    payment: Decimal
    interest: Decimal
    amortization: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """A down payment (0 when there is none) and parcels; `total` is all that is paid.

    `financed` is what the parcels repay: the debt agreed on, less the down payment.
    """

    down_payment: Decimal
    parcels: tuple[Parcel, ...]
    total: Decimal
    financed: Decimal
    monthly_percent: Decimal = ZERO

    @property
    def interest(self) -> Decimal:
        """What paying in parcels costs."""
        return self.total - self.down_payment - self.financed

    @property
    def amortization(self) -> tuple[Amortization, ...]:
        """The parcels as a Price table."""
        payments = [parcel.amount for parcel in self.parcels]
        return amortization(self.financed, payments, self.monthly_percent)


def split_evenly(total: Decimal, parts: int) -> list[Decimal]:
    """Split `total` into `parts` payments that add up to it exactly.

    Each is cut to centavos; what is left over goes to the first (playbook 7.3.3: 3.692,78 in 6 is
    615,48 + 5x 615,46).
    """
    if parts < 1:
        raise CalcError("O número de parcelas precisa ser ao menos 1.", "parts")
    each = EXACT.divide(to_cents(total), Decimal(parts)).quantize(CENT, ROUND_DOWN, EXACT)
    return [to_cents(total) - each * (parts - 1)] + [each] * (parts - 1)


def price_schedule(financed: Decimal, parts: int, monthly_percent: Decimal) -> list[Decimal]:
    """Return the equal parcels that repay `financed` at a monthly rate (Price table).

    Each = financed × i ÷ (1 − (1 + i)^−n), half up to centavos, the first due one month on. They
    add up to n × each, or to `financed` should that be more; the difference is the first's.
    Without a rate it is `split_evenly`. CAL-03, AGR-02, playbook 7.3.2.
    """
    _check_rate(monthly_percent)
    if monthly_percent == 0 or parts < 1:
        return split_evenly(financed, parts)
    growth = _growth(monthly_percent, parts)
    product = EXACT.multiply(EXACT.multiply(financed, fraction(monthly_percent)), growth)
    each = to_cents(EXACT.divide(product, EXACT.subtract(growth, ONE)))
    total = max(each * parts, to_cents(financed))
    return [total - each * (parts - 1)] + [each] * (parts - 1)


def amortization(
    financed: Decimal, payments: Sequence[Decimal], monthly_percent: Decimal
) -> tuple[Amortization, ...]:
    """Divide the parcels of `price_schedule` into juros and amortization, down to a balance of 0.

    Balance after k parcels = financed × ((1+i)^n − (1+i)^k) ÷ ((1+i)^n − 1), half up to centavos;
    amortization is what it falls by, juros the rest of the parcel. So centavos do not pile up in
    the last row, and neither column is ever negative.
    """
    rows, balance, left = [], to_cents(financed), sum(payments, ZERO)
    for number, payment in enumerate(payments, start=1):
        left -= payment
        target = _balance_after(financed, number, len(payments), monthly_percent)
        # Never more than the parcels to come repay, nor less than this one leaves.
        after = max(min(target, left, balance), balance - payment)
        rows.append(
            Amortization(number, payment, payment - (balance - after), balance - after, after)
        )
        balance = after
    return tuple(rows)


def due_dates(
    first_due: date,
    parts: int,
    *,
    business_days: bool = False,
    state: str = "",
    extra: Set[date] = frozenset(),
) -> list[date]:
    """Return monthly due dates that keep the day of the first; a short month gives its last day.

    With `business_days` each moves on to the next business day, without changing those after it.
    """
    dates = []
    for number in range(parts):
        months = first_due.year * 12 + first_due.month - 1 + number
        year, month = months // 12, months % 12 + 1
        day = date(year, month, min(first_due.day, monthrange(year, month)[1]))
        dates.append(next_business_day(day, state, extra) if business_days else day)
    return dates


def plan(
    total: Decimal,
    parts: int,
    down_payment: Decimal,
    first_due: date,
    monthly_percent: Decimal = ZERO,
    terms: PlanTerms = ANY_PLAN,
) -> Schedule:
    """Return the parcels of an agreement of `total`: a down payment, then `parts` parcels.

    The down payment bears no rate; the rest is financed by `price_schedule`. Raises CalcError at
    `parts`, `down_payment`, `first_due`, `total` or `monthly_percent`, naming the limit of `terms`.
    """
    if not in_cents(total) or total <= 0:
        raise CalcError("O total do acordo precisa ser maior que zero.", "total")
    _check_parts(parts, terms.parts_from, terms.parts_to)
    _check_down_payment(total, down_payment, terms)
    if terms.earliest_due is not None and first_due < terms.earliest_due:
        raise CalcError(
            f"O primeiro vencimento não pode ser antes de {day_text(terms.earliest_due)}.",
            "first_due",
        )
    financed = total - down_payment
    amounts = price_schedule(financed, parts, monthly_percent)
    if min(amounts) <= 0:
        raise CalcError(
            f"{reais(financed)} não se divide em {parts} parcelas: use menos parcelas.", "parts"
        )
    dates = due_dates(
        first_due,
        parts,
        business_days=terms.business_days,
        state=terms.state,
        extra=terms.extra,
    )
    numbers = range(1, parts + 1)
    parcels = tuple(map(Parcel, numbers, dates, amounts))
    paid = down_payment + sum(amounts, ZERO)
    return Schedule(down_payment, parcels, paid, financed, monthly_percent)


def _check_parts(parts: int, fewest: int, most: int) -> None:
    if not fewest <= parts <= most:
        raise CalcError(f"O número de parcelas vai de {fewest} a {most}.", "parts")


def _check_rate(monthly_percent: Decimal) -> None:
    if not monthly_percent.is_finite() or monthly_percent < 0:
        raise CalcError("A taxa mensal não pode ser menor que zero.", "monthly_percent")


def _check_down_payment(total: Decimal, down_payment: Decimal, terms: PlanTerms) -> None:
    if not in_cents(down_payment) or down_payment < 0:
        raise CalcError("Informe a entrada em reais e centavos, sem sinal.", "down_payment")
    if down_payment and not terms.allows_down_payment:
        raise CalcError("Este parcelamento não permite entrada.", "down_payment")
    if down_payment >= total:
        raise CalcError(f"A entrada precisa ser menor que {reais(total)}.", "down_payment")
    percent = terms.minimum_down_payment_percent if terms.allows_down_payment else ZERO
    least = to_cents(percent_of(total, percent))
    if down_payment < least:
        raise CalcError(
            f"A entrada mínima é {reais(least)} ({percentage(percent)} do total).", "down_payment"
        )


def _growth(monthly_percent: Decimal, months: int) -> Decimal:
    return EXACT.power(ONE + fraction(monthly_percent), Decimal(months))


def _balance_after(financed: Decimal, number: int, parts: int, monthly_percent: Decimal) -> Decimal:
    if monthly_percent == 0:
        return ZERO  # nothing but amortization: each parcel lowers the balance by all of it
    growth = _growth(monthly_percent, parts)
    repaid = EXACT.subtract(growth, _growth(monthly_percent, number))
    return to_cents(EXACT.divide(EXACT.multiply(financed, repaid), EXACT.subtract(growth, ONE)))
