from decimal import Decimal

import pytest

from cobranca.agreements.wording import values_text


@pytest.mark.parametrize(
    ("amounts", "text"),
    [
        (["971.77"], "R$ 971,77"),
        (["615.48", *["615.46"] * 5], "R$ 615,48 + 5x R$ 615,46"),
        (["500.00"] * 6, "6x R$ 500,00"),
        (["1000.00", "615.48", "615.46", "615.46"], "R$ 1.000,00 + R$ 615,48 + 2x R$ 615,46"),
    ],
)
def test_what_is_paid_when(amounts, text):
    assert values_text(map(Decimal, amounts)) == text
