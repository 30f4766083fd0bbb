"""Sienge's rows as they come: their names, every field optional, spellings of 6.1 accepted.

A type is as wide as what tenants were seen to send: ids as numbers or text, flags as booleans or
S/N, a single object where a list is documented. Meaning is the mapper's.
"""

from integrations.sienge.rows.base import (
    Code,
    Envelope,
    Flag,
    Metadata,
    Money,
    Named,
    SiengeRow,
    Text,
)
from integrations.sienge.rows.hooks import (
    Hook,
)
from integrations.sienge.rows.income import (
    Extract,
    ExtractInstallment,
    Income,
    IncomeKey,
    OfCompany,
    Receipt,
    Term,
)
from integrations.sienge.rows.people import (
    Address,
    Customer,
    FamilyIncome,
    Phone,
    Procurator,
    Spouse,
)
from integrations.sienge.rows.sales import (
    CostCenter,
    Enterprise,
    Holder,
    PaymentCondition,
    SalesContract,
    SoldUnit,
    Unit,
)
from integrations.sienge.rows.titles import (
    Boleto,
    DebitBalance,
    DebitInstallment,
    DebitReceipt,
    Remade,
    Statement,
    StatementBill,
    StatementInstallment,
    StatementReceipt,
    Title,
    TitleInstallment,
)

__all__ = [
    "Address",
    "Boleto",
    "Code",
    "CostCenter",
    "Customer",
    "DebitBalance",
    "DebitInstallment",
    "DebitReceipt",
    "Enterprise",
    "Envelope",
    "Extract",
    "ExtractInstallment",
    "FamilyIncome",
    "Flag",
    "Holder",
    "Hook",
    "Income",
    "IncomeKey",
    "Metadata",
    "Money",
    "Named",
    "OfCompany",
    "PaymentCondition",
    "Phone",
    "Procurator",
    "Receipt",
    "Remade",
    "SalesContract",
    "SiengeRow",
    "SoldUnit",
    "Spouse",
    "Statement",
    "StatementBill",
    "StatementInstallment",
    "StatementReceipt",
    "Term",
    "Text",
    "Title",
    "TitleInstallment",
    "Unit",
]
