"""Whose a title is: announcements name titles, our book knows their creditors."""

from collections.abc import Collection

from django.db.models import Case, QuerySet, When

from cobranca.contracts.models import Contract
from cobranca.contracts.states import ContractStatus
from cobranca.creditors.models import Creditor
from integrations.core.registry import ConnectorEntry, entry_of_system


def creditors_of(agency_id: int, system: str, titles: Collection[str]) -> dict[str, int]:
    """Return the creditor of each title that the agency collects, by the ERP's code."""
    entry = entry_of_system(system)
    if entry is None or not titles:
        return {}
    creditors = list(_creditors(agency_id, entry).values_list("pk", flat=True))
    # Spelt like the condition of the unique index, which then finds them.
    found = Contract.objects.filter(
        creditor_id__in=creditors, external_id__in=titles, is_current=True
    ).exclude(external_id="")
    # A title that the ERP moved to another of its companies is with both until the batimento of
    # the one it left: of the two it is whose it is owed to, else who got it last.
    found = found.order_by(Case(When(status=ContractStatus.ACTIVE, then=1), default=0), "pk")
    return dict(found.values_list("external_id", "creditor_id"))


def creditor_to_ask_with(agency_id: int, system: str) -> Creditor | None:
    """Return a creditor through whose connection questions of no creditor are asked."""
    entry = entry_of_system(system)
    if entry is None:
        return None
    return _creditors(agency_id, entry).select_related("agency").order_by("pk").first()


def _creditors(agency_id: int, entry: ConnectorEntry) -> QuerySet[Creditor]:
    return Creditor.objects.filter(
        agency_id=agency_id, creditor_type=entry.creditor_type, is_active=True
    )
