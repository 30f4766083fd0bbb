"""What the portfolio must be, worked out from the ERP's book by a few lines of its own.

It knows nothing of pages, endpoints, staging or SQL: only the book and the office's rules.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Rules:
    """What an office leaves out."""

    ignored_documents: Collection[str] = ()
    ignored_conditions: Collection[str] = ()
    registered_branches: Collection[str] | None = None  # None: branches come by themselves


def expected_book(bills: list[dict[str, Any]], rules: Rules) -> set[tuple[Any, ...]]:
    """Return the rows that `Office.open_book` must return after a batimento."""
    return {row for bill in bills if _is_wanted(bill, rules) for row in _rows(bill, rules)}


def _is_wanted(bill: dict[str, Any], rules: Rules) -> bool:
    if bill["forecast"] or not bill["complete"]:
        return False
    if bill["document_type"].strip() in rules.ignored_documents:
        return False
    if bill["contract_situation"] == "Cancelado":
        return False
    is_sale = bill["contract"] is not None
    branches = rules.registered_branches
    return not is_sale or branches is None or str(bill["enterprise"]) in branches


def _rows(bill: dict[str, Any], rules: Rules) -> Iterator[tuple[Any, ...]]:
    for installment in bill["installments"]:
        balance = Decimal(str(installment["balance"])).quantize(Decimal("0.01"))
        if balance > 0 and installment["condition"].strip() not in rules.ignored_conditions:
            yield (
                str(bill["customer"]),
                str(bill["bill"]),
                installment["id"],
                date.fromisoformat(installment["due_on"]),
                balance,
                installment["condition"].strip(),
                installment["boleto"],
            )
