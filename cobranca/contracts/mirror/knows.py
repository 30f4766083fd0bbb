"""What the mirror already has, asked by connectors that fetch only what is missing."""

from collections.abc import Sequence

from cobranca.contracts.models import Contract
from cobranca.debtors.models import DebtorReference


def known_contracts(creditor_id: int, codes: Sequence[str]) -> set[str]:
    """Return which of some ERP codes are current contracts of a creditor."""
    # Spelt like the condition of the unique index, which then finds them.
    found = Contract.objects.filter(creditor_id=creditor_id, is_current=True)
    found = found.filter(external_id__in=codes).exclude(external_id="")
    return set(found.values_list("external_id", flat=True))


def known_debtors(system: str, codes: Sequence[str]) -> set[str]:
    """Return which of some ERP customer codes lead to a debtor of the agency in scope."""
    found = DebtorReference.objects.filter(system=system, external_id__in=codes)
    return set(found.values_list("external_id", flat=True))
