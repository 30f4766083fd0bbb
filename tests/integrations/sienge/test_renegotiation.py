"""What Sienge generated for an agreement, read back (SIE-21)."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from integrations.core.errors import PermanentError
from integrations.core.operations import Made
from integrations.core.streaming import Row
from integrations.sienge.renegotiation import SiengeRenegotiations
from integrations.sienge.rows import TitleInstallment

ORDER = {"billReceivableId": 5600, "expected": ["100.00", "100.00"]}


def read(*balances: str, total: str | None) -> list[str]:
    """Return the amounts of two parcels whose balances are these by now."""
    rows = [
        Row(b"", TitleInstallment(id=number, due_date=f"2026-0{number}-10", balance_due=balance))
        for number, balance in enumerate(balances, start=4)
    ]
    client = SimpleNamespace(title_installments=lambda _title: rows)
    access: Any = SimpleNamespace(client=client)
    made = Made("5600", [4, 5], None if total is None else Decimal(total))
    told = SiengeRenegotiations(access).parcels(ORDER, made)
    assert [each.due_date for each in told] == [date(2026, 4, 10), date(2026, 5, 10)]
    return [str(each.amount) for each in told]


def test_the_parcels_are_what_is_owed_of_each():
    assert read("100.01", "99.99", total="200.00") == ["100.01", "99.99"]


def test_what_its_own_rounding_makes_is_followed():
    assert read("100.01", "100.00", total="200.01") == ["100.01", "100.00"]


@pytest.mark.parametrize("balances", [("50.00", "100.00"), ("0.00", "100.00")])
def test_a_payment_before_the_confirmation_makes_no_parcel_smaller(balances):
    assert read(*balances, total="200.00") == ["100.00", "100.00"]


@pytest.mark.parametrize("first", ["50.01", "0.00"])
def test_nor_where_the_erp_rounded_for_itself(first):
    assert read(first, "100.00", total="200.01") == ["100.01", "100.00"]


def test_paid_already_and_not_as_expected_nobody_guesses():
    with pytest.raises(PermanentError, match="não conferem"):
        read("0.00", "100.00", total="260.00")
