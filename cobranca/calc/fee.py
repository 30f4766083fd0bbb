"""Honorários: what the debtor pays the office."""

from collections.abc import Sequence
from decimal import Decimal

from cobranca.calc.money import EXACT, ZERO, percent_of, to_cents, to_cents_down


def collection_fees(bases: Sequence[Decimal], percents: Sequence[Decimal]) -> list[Decimal]:
    """Return the fee of each row: `percents[i]` per cent of `bases[i]`, the updated debt.

    Bases are original + correction + multa + juros of late rows, 0 for the others. The total is cut
    to centavos, rows are rounded half up, and the difference goes to the first row that carries
    a fee; what would make it negative goes on to the next. CAL-06, playbook 7.2.6.
    """
    exact = [percent_of(base, percent) for base, percent in zip(bases, percents, strict=True)]
    total = ZERO
    for amount in exact:
        total = EXACT.add(total, amount)
    fees = [to_cents(amount) for amount in exact]
    difference = to_cents_down(total) - sum(fees, ZERO)
    for row, amount in enumerate(exact):
        if difference == 0:
            break
        if amount > 0:
            moved = max(difference, -fees[row])
            fees[row] += moved
            difference -= moved
    return fees
