"""Digitable lines of boletos, with valid check digits."""

from datetime import date, timedelta
from decimal import Decimal

_FACTOR_START = date(1997, 10, 7)
# On 22/02/2025 the factor of due dates went back from 9999 to 1000.
_FACTOR_RESTART = date(2025, 2, 22)


def digitable_line(*, bank: str, free_field: str, due_on: date, amount: Decimal) -> str:
    """Return the line a debtor types: three fields, check digit, due date factor and amount."""
    tail = f"{due_factor(due_on):04d}{int(amount * 100):010d}"
    check = _modulo_11(f"{bank}9{tail}{free_field}")
    fields = (f"{bank}9{free_field[:5]}", free_field[5:15], free_field[15:])
    parts = [f"{field}{_modulo_10(field)}" for field in fields]
    dotted = " ".join(f"{part[:5]}.{part[5:]}" for part in parts)
    return f"{dotted} {check} {tail}"


def due_factor(due_on: date) -> int:
    """Return the four digits that stand for a due date."""
    if due_on >= _FACTOR_RESTART:
        return 1000 + (due_on - _FACTOR_RESTART).days % 9000
    return (due_on - _FACTOR_START) // timedelta(days=1)


def _modulo_10(digits: str) -> int:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        product = int(digit) * (1 if position % 2 else 2)
        total += product // 10 + product % 10
    return -total % 10


def _modulo_11(digits: str) -> int:
    total = sum(int(d) * (2 + n % 8) for n, d in enumerate(reversed(digits)))
    check = 11 - total % 11
    return 1 if check in (0, 10, 11) else check
