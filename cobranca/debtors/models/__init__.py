"""Who owes, how to reach them, and what may not be done with what is known of them."""

from cobranca.debtors.models.blocks import BlockScope, BlockSource, ContactBlock
from cobranca.debtors.models.people import (
    Address,
    AddressKind,
    ContactModel,
    Debtor,
    DebtorReference,
    DebtorStanding,
    DebtorSummary,
    EmailAddress,
    PersonKind,
    PersonRole,
    Phone,
    PhoneKind,
    RelatedPerson,
    Source,
)
from cobranca.debtors.models.privacy import (
    DebtorMerge,
    DebtorReading,
    DistinctPair,
    PrivacyRequest,
)

__all__ = [
    "Address",
    "AddressKind",
    "BlockScope",
    "BlockSource",
    "ContactBlock",
    "ContactModel",
    "Debtor",
    "DebtorMerge",
    "DebtorReading",
    "DebtorReference",
    "DebtorStanding",
    "DebtorSummary",
    "DistinctPair",
    "EmailAddress",
    "PersonKind",
    "PersonRole",
    "Phone",
    "PhoneKind",
    "PrivacyRequest",
    "RelatedPerson",
    "Source",
]
