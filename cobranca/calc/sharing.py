"""Dividing a number of whole things by weights."""

from collections.abc import Sequence
from decimal import Decimal


def quotas(count: int, weights: Sequence[Decimal]) -> list[int]:
    """Return how many of `count` things each weight gets; together exactly `count`.

    Largest remainders: each gets its share rounded down, and what is left goes one by one to
    those who lost most by the rounding, the first of equals first. Equal weights differ by one at
    most.
    """
    total = sum(weights)
    if count < 0 or total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be positive, and the count not negative")
    whole = [int(count * weight // total) for weight in weights]
    lost = [count * weight % total for weight in weights]
    order = sorted(range(len(whole)), key=lambda index: (-lost[index], index))
    for index in order[: count - sum(whole)]:
        whole[index] += 1
    return whole
