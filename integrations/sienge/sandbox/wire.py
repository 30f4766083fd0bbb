"""How values look on the wire where that is not how they are."""

from decimal import Decimal

from integrations.sienge.sandbox.model import Bill

_RESIDUE = Decimal("3E-10")
# Cents a binary fraction writes exactly; these never show a residue.
_EXACT_CENTS = (0, 25, 50, 75)


def residue(value: Decimal) -> Decimal:
    """Return the money as a sum of binary fractions would show it: 341233.7699999997.

    A third of the values get it, always the same ones; rounding to cents gives the truth.
    """
    total = int(value * 100)
    if total % 100 in _EXACT_CENTS or total % 3:
        return value
    return value - _RESIDUE


def yes_no(flag: bool) -> str:
    """Return the S or N that stands for a boolean in many fields."""
    return "S" if flag else "N"


def padded(code: str) -> str:
    """Return a code filled with spaces to its column's width."""
    return code.ljust(4)


def full_document(bill: Bill) -> str:
    """Return document type and number as the bulk reports join them."""
    return f"{bill.document_type}.{bill.document_number}"
