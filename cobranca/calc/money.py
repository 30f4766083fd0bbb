"""Money: exact, in centavos, rounded in one place."""

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
ONE = Decimal(1)
HUNDRED = Decimal(100)

# The default context keeps 28 digits: money × percentage × days may need more, and a product cut
# before it is rounded can fall on the wrong side of half a centavo. Its methods are called
# directly (`EXACT.multiply(a, b)`), which costs nothing per row and heeds no ambient context.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])


def to_cents(value: Decimal) -> Decimal:
    """Round to centavos, half away from zero, as people and the ERPs do on paper."""
    return value.quantize(CENT, ROUND_HALF_UP, EXACT)


def to_cents_down(value: Decimal) -> Decimal:
    """Cut to centavos, towards zero: the total fee (CAL-06) and every ceiling of a discount."""
    return value.quantize(CENT, ROUND_DOWN, EXACT)


def fraction(percent: Decimal) -> Decimal:
    """Return a percentage, as people type it, as a rate: 2 becomes 0.02. Exact."""
    return EXACT.scaleb(percent, -2)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Return `percent` per cent of `amount`, exact: whoever calls rounds."""
    return EXACT.scaleb(EXACT.multiply(amount, percent), -2)


def in_cents(value: Decimal) -> bool:
    """Tell whether `value` is a finite amount with nothing below the centavo."""
    return value.same_quantum(CENT) or (value.is_finite() and value == to_cents(value))
