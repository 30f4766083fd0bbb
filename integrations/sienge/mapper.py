"""Sienge's rows into records: pure, one line a field, evidence in MAPPING.md.

The rules live in `mapping`, a module for each part of MAPPING.md; this is what others use.
"""

from integrations.sienge.mapping.boletos import add_boletos
from integrations.sienge.mapping.commerce import (
    WHOLE_UNIT,
    add_branch,
    add_sale,
    add_unit,
    installments_foreseen,
    share_of,
)
from integrations.sienge.mapping.customers import add_customer
from integrations.sienge.mapping.income import IncomeMapper
from integrations.sienge.mapping.sheet import Sheet

__all__ = [
    "WHOLE_UNIT",
    "IncomeMapper",
    "Sheet",
    "add_boletos",
    "add_branch",
    "add_customer",
    "add_sale",
    "add_unit",
    "installments_foreseen",
    "share_of",
]
