from decimal import Decimal

import pytest

from cobranca.calc.rates import annual_equivalent


@pytest.mark.parametrize(
    ("monthly", "annual"),
    [("0", "0.00"), ("0.5", "6.17"), ("1", "12.68"), ("1.99", "26.68"), ("10", "213.84")],
)
def test_the_effective_annual_rate_of_a_monthly_one(monthly, annual):
    assert str(annual_equivalent(Decimal(monthly))) == annual
