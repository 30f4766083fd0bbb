"""Debtors, their phones and blocks as addresses name them; another agency's are not found."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from cobranca.debtors.models import ContactBlock, Debtor, Phone
from cobranca.debtors.redirects import MergedDebtorError
from cobranca.debtors.sight import seen

LONGEST_KEY = 18


def debtor_or_404(debtor_id: int) -> Debtor:
    """Return the agency's debtor; one who was merged leads to who was kept."""
    found: Debtor = _one(seen(Debtor.objects.select_related("agency")), debtor_id)
    if found.merged_into_id is not None:
        raise MergedDebtorError(found.pk, found.merged_into_id)
    return found


def kept_debtor_or_404(debtor_id: int) -> Debtor:
    """Return the agency's debtor, or the one they were merged into."""
    rows = Debtor.objects.select_related("agency", "merged_into__agency")
    found: Debtor = _one(seen(rows), debtor_id)
    return found.merged_into or found


def block_or_404(block_id: int) -> ContactBlock:
    """Return a block along with whose it is."""
    rows = seen(ContactBlock.objects.select_related("debtor", "phone"), "debtor")
    found: ContactBlock = _one(rows, block_id)
    return found


def phone_or_none(debtor: Debtor, told: str) -> Phone | None:
    """Return the debtor's phone of a key typed in an address; nothing for nonsense."""
    if not (told.isascii() and told.isdigit() and len(told) <= LONGEST_KEY):
        return None
    return Phone.objects.filter(debtor=debtor, pk=int(told)).first()


def _one(rows: QuerySet[Any], pk: int) -> Any:
    found = rows.filter(pk=pk).first() if pk < 10**LONGEST_KEY else None
    if found is None:
        raise Http404
    return found
