from decimal import Decimal

import pytest

from cobranca.calc.fee import collection_fees


@pytest.mark.parametrize(
    ("bases", "percents", "fees"),
    [
        pytest.param(
            ["1095.58", "1079.42", "1062.81", "1046.34", "1029.45", "10247.18"],
            ["10"] * 6,
            ["109.55", "107.94", "106.28", "104.63", "102.95", "1024.72"],
            id="golden table A: 1.556,078 is cut, the first row gives a centavo",
        ),
        pytest.param(["100.00"], ["10"], ["10.00"], id="nothing to adjust"),
        pytest.param(
            ["0.04", "0.04", "0.04"], ["10"] * 3, ["0.01", "0.00", "0.00"],
            id="rows rounded down: the first receives the difference",
        ),
        pytest.param(
            ["0", "0.04", "0.04", "0.04"], ["10"] * 4, ["0.00", "0.01", "0.00", "0.00"],
            id="a row without fee does not receive it",
        ),
        pytest.param(
            ["100.00", "0.04", "0.04", "0.04"], ["0", "10", "10", "10"],
            ["0.00", "0.01", "0.00", "0.00"],
            id="nor does one of a bracket without fee",
        ),
        pytest.param(
            ["0.05", "0.05", "0.05", "0.05"], ["10"] * 4, ["0.00", "0.00", "0.01", "0.01"],
            id="no row goes below zero: the next gives",
        ),
        pytest.param(
            ["1000.05", "33.33"], ["10", "20"], ["100.00", "6.67"],
            id="rows of two brackets: 106,671 is cut to 106,67, rows give 106,68",
        ),
        pytest.param([], [], [], id="no rows"),
    ],
)  # fmt: skip
def test_fees_worked_by_hand(bases, percents, fees):
    found = collection_fees([Decimal(b) for b in bases], [Decimal(p) for p in percents])

    assert [str(fee) for fee in found] == fees
