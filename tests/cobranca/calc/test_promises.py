"""Receipts handed out to promises: each centavo once, and only within a promise's days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cobranca.calc.promises import Promised, Receipt, deadline_of, received_for

MADE = date(2026, 3, 2)
BOTH = frozenset({1, 2})


def promised(key: int, amount: str, day: int = 13, contract: int | None = None) -> Promised:
    return Promised(key, contract, MADE, date(2026, 3, day), Decimal(amount))


def came(
    amount: str, day: int = 10, line: str = "1/1", contracts: frozenset[int] = BOTH
) -> Receipt:
    return Receipt(line, contracts, date(2026, 3, day), Decimal(amount))


@pytest.mark.parametrize(
    ("promised_on", "deadline"),
    [
        pytest.param(date(2026, 3, 10), date(2026, 3, 11), id="a Tuesday"),
        pytest.param(date(2026, 3, 13), date(2026, 3, 16), id="a Friday"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 6), id="before Good Friday"),
    ],
)
def test_a_promise_may_be_kept_until_the_next_business_day(promised_on, deadline):
    assert deadline_of(promised_on) == deadline


def test_an_office_that_is_closed_moves_the_deadline():
    assert deadline_of(date(2026, 3, 10), frozenset({date(2026, 3, 11)})) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("receipts", "received"),
    [
        pytest.param([came("100")], "100", id="in full"),
        pytest.param([came("60"), came("30", line="1/2")], "90", id="in parts"),
        pytest.param([came("170")], "100", id="more than promised"),
        pytest.param([came("100", day=1)], "0", id="before it was made"),
        pytest.param([came("100", day=14)], "0", id="after the deadline"),
        pytest.param([came("100", day=2), came("-100", day=20)], "0", id="taken back later"),
        pytest.param([came("100"), came("-40", day=12)], "60", id="taken back in part"),
        pytest.param([came("100"), came("-100", line="1/2")], "100", id="another one taken back"),
    ],
)
def test_what_counts_for_a_promise(receipts, received):
    assert received_for([promised(1, "100")], receipts) == {1: Decimal(received)}


def test_money_keeps_one_promise_only():
    promises = [promised(1, "100", day=20), promised(2, "100", day=12)]

    assert received_for(promises, [came("130")]) == {2: Decimal(100), 1: Decimal(30)}


def test_money_for_another_contract_does_not_keep_a_promise():
    promises = [promised(1, "100", contract=2), promised(2, "100")]

    found = received_for(promises, [came("100", contracts=frozenset({1}))])

    assert found == {1: Decimal(0), 2: Decimal(100)}


receipts_of_any_kind = some.lists(
    some.builds(
        Receipt,
        line=some.sampled_from(["1/1", "1/2", "2/1"]),
        contracts=some.sampled_from([frozenset({1}), frozenset({2})]),
        on=some.dates(MADE - timedelta(days=5), MADE + timedelta(days=30)),
        amount=some.integers(-500, 500).filter(bool).map(lambda n: Decimal(n) / 4),
    ),
    max_size=12,
)
promises_of_any_kind = some.lists(
    some.builds(
        Promised,
        key=some.integers(1, 10**6),
        contract=some.sampled_from([None, 1, 2]),
        made_on=some.dates(MADE, MADE + timedelta(days=8)),
        deadline=some.dates(MADE + timedelta(days=8), MADE + timedelta(days=25)),
        amount=some.integers(1, 600).map(lambda n: Decimal(n) / 4),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
)


@given(promises_of_any_kind, receipts_of_any_kind)
def test_no_promise_takes_more_than_it_asks_nor_all_of_them_more_than_came(promises, receipts):
    received = received_for(promises, receipts)

    came_in_all = sum((each.amount for each in receipts if each.amount > 0), Decimal(0))
    assert all(0 <= received[each.key] <= each.amount for each in promises)
    assert sum(received.values(), Decimal(0)) <= came_in_all


@given(promises_of_any_kind, receipts_of_any_kind)
def test_the_order_of_what_is_told_does_not_matter(promises, receipts):
    assert received_for(promises, receipts) == received_for(promises[::-1], receipts[::-1])
