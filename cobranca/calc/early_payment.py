"""Valor presente: what an installment is worth when paid before its time."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from cobranca.calc.errors import CalcError
from cobranca.calc.money import EXACT, HUNDRED, ONE, ZERO, fraction, to_cents

# Seen in playbook 7.2.3: 71 × 1.086,80 at 12% a year gives the printed 21.205,72 only with the
# monthly rate rounded to 0,9489%; unrounded it gives 21.205,37.
MONTHLY_PRECISION = Decimal("0.0001")


def monthly_equivalent(annual_percent: Decimal) -> Decimal:
    """Return the effective monthly percentage of an annual one: 12 becomes 0.9489.

    ((1 + annual)^(1/12) − 1), rounded half up to four decimals of a percentage.
    """
    if not annual_percent.is_finite() or annual_percent < 0:
        raise CalcError("A taxa anual de deságio não pode ser negativa.", "early_annual_percent")
    factor = EXACT.power(ONE + fraction(annual_percent), EXACT.divide(ONE, Decimal(12)))
    percent = EXACT.multiply(EXACT.subtract(factor, ONE), HUNDRED)
    return percent.quantize(MONTHLY_PRECISION, ROUND_HALF_UP, EXACT)


def months_ahead(on: date, due: date) -> int:
    """Return how many calendar months `due` lies ahead of `on`, days ignored; never below 0.

    From 19/11/2021, 10/12/2021 is one month ahead (playbook 7.2.3).
    """
    return max(0, (due.year - on.year) * 12 + due.month - on.month)


def present_value(amount: Decimal, months: int | Decimal, annual_percent: Decimal) -> Decimal:
    """Return what `amount`, due in `months`, is worth today.

    amount ÷ (1 + monthly rate)^months, rounded half up per installment; the monthly rate is that
    of `monthly_equivalent`. At 0 months or 0% it is `amount` itself. CAL-09, playbook 7.2.3.
    """
    if months < 0:
        raise CalcError("O número de meses de antecipação não pode ser negativo.", "months")
    rate = fraction(monthly_equivalent(annual_percent))
    return to_cents(EXACT.divide(amount, EXACT.power(ONE + rate, Decimal(months))))


def early_discount(amount: Decimal, months: int | Decimal, annual_percent: Decimal) -> Decimal:
    """Return the deságio of paying `amount` early: amount − present value, never negative.

    Proportional reduction of interest, CDC art. 52 § 2º; CAL-09.
    """
    return max(ZERO, amount - present_value(amount, months, annual_percent))
