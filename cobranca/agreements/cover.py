"""Which original installments the money of an agreement pays, in order. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from cobranca.calc.money import ZERO


def covered_count(nets: Sequence[Decimal], paid: Decimal) -> int:
    """Return how many originals, from the first on, `paid` covers in full: none before any money.

    Money goes to the originals first; what pays expenses and financing comes after them all.
    """
    if paid <= 0:
        return 0
    reached, count = ZERO, 0
    for net in nets:
        reached += net
        if reached > paid:
            break
        count += 1
    return count


def left_over(nets: Sequence[Decimal], paid: Decimal) -> Decimal:
    """Return what of `paid` is beyond the originals it covers in full."""
    return paid - sum(nets[: covered_count(nets, paid)], ZERO)


def credits(money: Decimal, owed: Sequence[Decimal]) -> list[Decimal]:
    """Return how much of `money` is taken off each debt, in order, never more than is owed."""
    given = []
    for debt in owed:
        amount = min(money, max(debt, ZERO))
        given.append(amount)
        money -= amount
    return given


def spread(money: Decimal, remaining: Sequence[Decimal]) -> list[Decimal]:
    """Return how much of `money` pays each parcel, in order; what is too much stays unspent."""
    return credits(money, remaining)
