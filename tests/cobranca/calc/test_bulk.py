"""Columns of centavos give what one row at a time gives: to the cent, whatever the amounts."""

import os
import random
from decimal import Decimal

import numpy as np
import pytest

from cobranca.calc import bulk
from cobranca.calc.charges import ChargeTerms, late_charges
from cobranca.calc.fee import collection_fees

# A million when asked for (the figure); enough of them in every run.
ROWS = int(os.environ.get("ORACLE_QUOTES", "20000"))
PERCENTS = (
    "0",
    "0.000001",
    "0.033333",
    "0.5",
    "1",
    "1.5",
    "2",
    "9.999999",
    "10",
    "33.333333",
    "100",
)


def a_table(chance: random.Random) -> tuple[list[ChargeTerms], list[Decimal]]:
    def percent() -> Decimal:
        return Decimal(chance.choice(PERCENTS))

    terms = [ChargeTerms(percent(), percent(), chance.random() < 0.5) for _ in range(40)]
    return terms, [percent() for _ in terms]


def amounts(chance: random.Random, rows: int) -> list[int]:
    """Centavos: very small, ordinary, round enough for ties at half a centavo, very large."""
    makers = (
        lambda: chance.randint(0, 99),
        lambda: chance.randint(100, 999_999),
        lambda: chance.randint(1, 4000) * 25,
        lambda: chance.randint(10**9, 10**11 - 1),
    )
    return [chance.choice(makers)() for _ in range(rows)]


@pytest.mark.parametrize("seed", range(4))
def test_charges_and_fees_are_those_of_one_row_at_a_time(seed):
    chance = random.Random(seed)
    terms, fees = a_table(chance)
    rows = ROWS // 4
    base = amounts(chance, rows)
    days = [max(0, chance.randint(-30, 4000)) for _ in range(rows)]
    place = [chance.randrange(len(terms)) for _ in range(rows)]
    table = bulk.TermTable.of(terms, fees)
    columns = np.array(base), np.array(days), np.array(place, np.int32)

    fits = bulk.fits(*columns, table)
    kept = [n for n in range(rows) if fits[n]]
    assert len(kept) > rows // 2
    base, days, place = ([column[n] for n in kept] for column in (base, days, place))
    columns = np.array(base), np.array(days), np.array(place, np.int32)
    made = bulk.late_charges(*columns, table)
    updated = columns[0] + made.penalty + made.interest
    group = np.sort(np.array([chance.randrange(max(1, len(base) // 6)) for _ in base]))
    over = table.fee_over
    numerators = np.where(columns[1] > 0, updated * table.fee[columns[2]], 0)
    found = bulk.collection_fees(
        numerators, over, group, len(base), np.arange(len(base), dtype=np.int64)
    )

    expected = [
        late_charges(Decimal(b).scaleb(-2), d, terms[p])
        for b, d, p in zip(base, days, place, strict=True)
    ]
    assert made.penalty.tolist() == [int(each.penalty * 100) for each in expected]
    assert made.interest.tolist() == [int(each.interest * 100) for each in expected]
    late = [Decimal(int(u)).scaleb(-2) if d else Decimal(0)
            for u, d in zip(updated, days, strict=True)]  # fmt: skip
    assert found.fee.tolist() == fees_of_groups(group.tolist(), late, [fees[p] for p in place])


def fees_of_groups(group: list[int], bases: list[Decimal], percents: list[Decimal]) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(group):
        stop = start
        while stop < len(group) and group[stop] == group[start]:
            stop += 1
        found += [
            int(fee * 100) for fee in collection_fees(bases[start:stop], percents[start:stop])
        ]
        start = stop
    return found


def test_what_might_not_fit_is_found_beforehand():
    """The bound is safe: at its very edge the products are still those of exact numbers."""
    terms = [ChargeTerms(Decimal("99.999999"), Decimal("99.999999"), interest_on_penalty=True)]
    table = bulk.TermTable.of(terms, [Decimal("99.999999")])
    days, place = np.array([36500]), np.zeros(1, np.int32)
    low, high = 0, 10**14
    while low + 1 < high:
        middle = (low + high) // 2
        fits = bool(bulk.fits(np.array([middle]), days, place, table)[0])
        low, high = (middle, high) if fits else (low, middle)

    assert 0 < low < 10**14
    made = bulk.late_charges(np.array([low]), days, place, table)
    exact = late_charges(Decimal(low).scaleb(-2), 36500, terms[0])
    assert int(made.interest[0]) == int(exact.interest * 100)
    fee = (low + int(made.penalty[0]) + int(made.interest[0])) * int(table.fee[0])
    assert fee < 2**62


def test_a_difference_that_one_row_cannot_bear_goes_on_to_the_next():
    numerators = np.array([5, 5, 5, 5, 5, 5], np.int64)  # half a centavo each, over 10

    made = bulk.collection_fees(
        numerators, 10, np.zeros(6, np.int64), 1, np.arange(6, dtype=np.int64)
    )

    assert made.by_group.tolist() == [3]
    assert made.fee.tolist() == [0, 0, 0, 1, 1, 1]
    tenths = [Decimal("0.05")] * 6
    assert collection_fees(tenths, [Decimal(10)] * 6) == [
        Decimal(c) / 100 for c in (0, 0, 0, 1, 1, 1)
    ]
