"""Digitable lines of boletos."""

from datetime import date
from decimal import Decimal

from integrations.sienge.sandbox.slips import digitable_line, due_factor


def line(**changes):
    given = {
        "bank": "001",
        "free_field": "0500940144816060680935031",
        "due_on": date(2007, 12, 31),
        "amount": Decimal("1.00"),
    }
    return digitable_line(**given | changes)


def test_the_line_of_the_banks_manual():
    expected = "00190.50095 40144.816069 06809.350314 3 37370000000100"

    assert line() == expected


def test_factors_of_due_dates_began_again_in_2025():
    assert due_factor(date(2025, 2, 21)) == 9999
    assert due_factor(date(2025, 2, 22)) == 1000
    assert due_factor(date(2026, 2, 22)) == 1365


def test_the_amount_is_in_the_last_ten_digits():
    assert line(amount=Decimal("1095.58")).endswith("0000109558")
