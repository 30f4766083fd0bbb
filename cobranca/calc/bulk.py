"""The same charges and fees for a million rows at once: centavos as int64, never a float.

Every function gives what its counterpart for one row gives, to the centavo: a percentage becomes
an exact fraction, a product that could leave 64 bits is found beforehand (`fits`) and left to the
exact path. Arrays are of one length, one element a row, unless said otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from cobranca.calc.charges import ChargeTerms

Cents = NDArray[np.int64]
Mask = NDArray[np.bool_]

# One bit for the sign, one for the doubling that rounds half up, one to spare.
ROOM = 2**61
DAYS_IN_MONTH = 30


def percent_fraction(percent: Decimal) -> Fraction:
    """Return a percentage as people type it as an exact fraction: 2 becomes 1/50."""
    return Fraction(percent) / 100


def divided_half_up(numerator: Cents, denominator: Cents | int) -> Cents:
    """Return numerator ÷ denominator of values that are not negative, rounded half up."""
    halves: Cents = (2 * numerator + denominator) // (2 * np.asarray(denominator, np.int64))
    return halves


@dataclass(frozen=True, slots=True)
class TermTable:
    """Charge terms and fees, each distinct one in a place; rows point at their place.

    All fractions of a kind share one denominator, so that sums of fees stay exact.
    """

    penalty: Cents
    penalty_over: int
    interest: Cents
    interest_over: int
    on_penalty: Mask
    fee: Cents
    fee_over: int

    @classmethod
    def of(cls, terms: Sequence[ChargeTerms], fees: Sequence[Decimal]) -> "TermTable":
        """Return the table of `terms` with their fee percentages; place by place."""
        penalty, penalty_over = _common([percent_fraction(each.penalty_percent) for each in terms])
        interest, interest_over = _common(
            [percent_fraction(each.monthly_interest_percent) / DAYS_IN_MONTH for each in terms]
        )
        fee, fee_over = _common([percent_fraction(each) for each in fees])
        on_penalty = np.array([each.interest_on_penalty for each in terms], np.bool_)
        return cls(penalty, penalty_over, interest, interest_over, on_penalty, fee, fee_over)


def _common(fractions: Sequence[Fraction]) -> tuple[Cents, int]:
    over = lcm(*(each.denominator for each in fractions)) if fractions else 1
    return np.array([int(each * over) for each in fractions], np.int64), over


def fits(base: Cents, days: Cents, place: NDArray[np.int32], table: TermTable) -> Mask:
    """Tell of each row whether its products surely stay within 64 bits, with room to spare.

    A row's interest may exceed its base many times over: the bound takes it into account.
    """
    # Python's whole numbers know no limit: the largest base that is safe for each place and the
    # largest number of days, once, instead of products a row.
    longest = int(days.max(initial=0))
    safe = np.array([_safe_base(number, longest, table) for number in range(len(table.fee))])
    return base <= safe.astype(np.int64)[place]


def _safe_base(number: int, days: int, table: TermTable) -> int:
    penalty = Fraction(int(table.penalty[number]), table.penalty_over)
    interest = Fraction(int(table.interest[number]) * days, table.interest_over)
    grown = 1 + penalty + (1 + penalty) * interest
    heaviest = max(
        int(table.penalty[number]),
        int((1 + penalty) * int(table.interest[number]) * days) + 1,
        int(grown * int(table.fee[number])) + 1,
        1,
    )
    return (ROOM - max(table.penalty_over, table.interest_over, table.fee_over)) // heaviest


@dataclass(frozen=True, slots=True)
class BulkCharges:
    """Multa and juros of many rows, in centavos."""

    penalty: Cents
    interest: Cents


def late_charges(
    base: Cents, days: Cents, place: NDArray[np.int32], table: TermTable
) -> BulkCharges:
    """Return multa and juros of rows that are `days` late (0: nothing); see calc.charges."""
    late = days > 0
    penalty = np.where(
        late, divided_half_up(base * table.penalty[place], table.penalty_over), np.int64(0)
    )
    bearing = np.where(table.on_penalty[place], base + penalty, base)
    accrued = bearing * table.interest[place] * np.where(late, days, np.int64(0))
    return BulkCharges(penalty, divided_half_up(accrued, table.interest_over))


@dataclass(frozen=True, slots=True)
class BulkFees:
    """Fees of rows, and of groups of rows, in centavos."""

    fee: Cents
    by_group: Cents


def collection_fees(
    numerators: Cents, over: int, group: NDArray[np.int64], groups: int, rank: Cents
) -> BulkFees:
    """Return the fee of each row and group; see calc.fee.

    `numerators` ÷ `over` is each row's exact fee in centavos. A group's total is cut, its rows are
    rounded half up, and the difference goes to the row of lowest `rank` that carries a fee.
    """
    fee = divided_half_up(numerators, over)
    # Whole centavos and what is below them are added apart, so that no sum leaves 64 bits.
    cut, below = np.divmod(numerators, over)
    by_group = sums(cut, group, groups) + sums(below, group, groups) // over
    difference = by_group - sums(fee, group, groups)
    _spread(fee, difference, numerators > 0, group, rank)
    return BulkFees(fee, by_group)


def sums(amounts: Cents, group: NDArray[np.int64], groups: int) -> Cents:
    """Return the sum of `amounts` of each group."""
    total = np.zeros(groups, np.int64)
    np.add.at(total, group, amounts)
    return total


def _spread(
    fee: Cents, difference: Cents, carries: Mask, group: NDArray[np.int64], rank: Cents
) -> None:
    """Give each group's difference to its first rows that carry a fee; none becomes negative."""
    rows = np.flatnonzero(carries & (difference[group] != 0))
    while len(rows):
        taken = rows[_first_of_groups(group[rows], rank[rows], len(difference))]
        groups = group[taken]
        moved = np.maximum(difference[groups], -fee[taken])
        fee[taken] += moved
        difference[groups] -= moved
        # What is left goes on to the rows after those just served.
        rows = rows[(difference[group[rows]] != 0) & (fee[rows] > 0)]


def _first_of_groups(group: NDArray[np.int64], rank: Cents, groups: int) -> NDArray[np.int64]:
    lowest = np.full(groups, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(lowest, group, rank)
    return np.flatnonzero(rank == lowest[group])
