"""Rates of one period told as those of another."""

from decimal import ROUND_HALF_UP, Decimal

from cobranca.calc.money import CENT, EXACT, HUNDRED, ONE, fraction

MONTHS = Decimal(12)


def annual_equivalent(monthly_percent: Decimal) -> Decimal:
    """Return the effective annual percentage of a monthly one: 1 becomes 12.68.

    (1 + monthly)^12 − 1, half up to two decimals of a percentage (CDC art. 52, II: the effective
    annual rate is told before a debt is financed).
    """
    factor = EXACT.power(ONE + fraction(monthly_percent), MONTHS)
    percent = EXACT.multiply(EXACT.subtract(factor, ONE), HUNDRED)
    return percent.quantize(CENT, ROUND_HALF_UP, EXACT)
