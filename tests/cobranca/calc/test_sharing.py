from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobranca.calc.sharing import quotas

WEIGHTS = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9).filter(sum)


@pytest.mark.parametrize(
    ("count", "weights", "expected"),
    [
        pytest.param(10, [1, 1, 1], [4, 3, 3], id="what is left goes to the first"),
        pytest.param(7, [50, 30, 20], [4, 2, 1], id="largest remainder first"),
        pytest.param(0, [1, 2], [0, 0], id="nothing to divide"),
        pytest.param(5, [100, 0], [5, 0], id="no weight, no part"),
        pytest.param(1, ["33.33", "33.33", "33.34"], [0, 0, 1], id="the one goes to the heaviest"),
    ],
)
def test_quotas(count, weights, expected):
    assert quotas(count, [Decimal(weight) for weight in weights]) == expected


@pytest.mark.parametrize(("count", "weights"), [(-1, [1]), (1, [0]), (1, [2, -1]), (1, [])])
def test_weights_that_mean_nothing_are_refused(count, weights):
    with pytest.raises(ValueError):
        quotas(count, [Decimal(weight) for weight in weights])


@given(st.integers(0, 10_000), WEIGHTS)
def test_nothing_is_lost_and_nobody_is_a_whole_one_off(count, weights):
    found = quotas(count, weights)

    assert sum(found) == count
    for got, weight in zip(found, weights, strict=True):
        assert abs(got - count * weight / sum(weights)) < 1


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_equal_weights_differ_by_one_at_most(count, parts):
    found = quotas(count, [Decimal(1)] * parts)

    assert max(found) - min(found) <= 1
