from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.agreements.cover import covered_count, credits, left_over, spread

AMOUNT = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
AMOUNTS = st.lists(AMOUNT, max_size=8)
NETS = [Decimal("971.77"), Decimal("962.07"), Decimal("951.74")]


@pytest.mark.parametrize(
    ("paid", "count", "left"),
    [
        pytest.param("0.00", 0, "0.00", id="nothing paid"),
        pytest.param("971.76", 0, "971.76", id="a centavo short of the first"),
        pytest.param("971.77", 1, "0.00", id="the first exactly"),
        pytest.param("1933.84", 2, "0.00", id="the second exactly"),
        pytest.param("2000.00", 2, "66.16", id="part of the third"),
        pytest.param("3000.00", 3, "114.42", id="expenses and financing too"),
    ],
)
def test_money_covers_the_oldest_first(paid, count, left):
    assert covered_count(NETS, Decimal(paid)) == count
    assert str(left_over(NETS, Decimal(paid))) == left


def test_an_original_forgiven_whole_waits_for_some_money():
    nets = [Decimal("0.00"), Decimal("10.00")]

    assert covered_count(nets, Decimal("0.00")) == 0
    assert covered_count(nets, Decimal("0.01")) == 1


def test_credits_never_exceed_what_is_owed():
    owed = [Decimal("100.00"), Decimal("0.00"), Decimal("50.00")]

    assert credits(Decimal("120.00"), owed) == [Decimal("100.00"), 0, Decimal("20.00")]
    assert sum(credits(Decimal("999.00"), owed)) == Decimal("150.00")


@given(nets=AMOUNTS, paid=AMOUNT, more=AMOUNT)
def test_more_money_never_covers_less(nets, paid, more):
    assert covered_count(nets, paid) <= covered_count(nets, paid + more)


@given(nets=AMOUNTS, paid=AMOUNT)
def test_covered_and_left_over_are_all_the_money(nets, paid):
    covered = nets[: covered_count(nets, paid)]

    assert sum(covered, Decimal(0)) + left_over(nets, paid) == paid
    assert left_over(nets, paid) >= 0


@given(money=AMOUNT, owed=AMOUNTS)
def test_credits_spend_all_the_money_there_is_room_for(money, owed):
    given_out = spread(money, owed)

    assert sum(given_out, Decimal(0)) == min(money, sum(owed, Decimal(0)))
    assert all(0 <= part <= debt for part, debt in zip(given_out, owed, strict=True))
