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
    title_of_sale,
)
from integrations.sienge.mapping.customers import add_customer
from integrations.sienge.mapping.income import IncomeMapper, title_of_income
from integrations.sienge.mapping.sheet import Sheet
from integrations.sienge.mapping.titles import (
    TitleAnswers,
    Told,
    add_boletos_of,
    add_title,
    doubt_title,
    gone_title,
    holder_of,
)

__all__ = [
    "WHOLE_UNIT",
    "IncomeMapper",
    "Sheet",
    "TitleAnswers",
    "Told",
    "add_boletos",
    "add_boletos_of",
    "add_branch",
    "add_customer",
    "add_sale",
    "add_title",
    "add_unit",
    "doubt_title",
    "gone_title",
    "holder_of",
    "installments_foreseen",
    "share_of",
    "title_of_income",
    "title_of_sale",
]
