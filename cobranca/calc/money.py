"""Money: exact, in centavos, rounded in one place."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_cents(value: Decimal) -> Decimal:
    """Round to centavos, half away from zero, as people and the ERPs do on paper."""
    return value.quantize(CENT, ROUND_HALF_UP)
