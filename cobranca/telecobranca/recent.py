"""The debtors somebody saw last: the command bar offers them before anything is typed."""

from datetime import datetime, timedelta

from cobranca.accounts.models import User
from cobranca.debtors.models import DebtorReading, DebtorSummary
from cobranca.debtors.reading import DEBTOR_PAGE
from cobranca.telecobranca.selectors_search import shown_in_lists

REMEMBERED = timedelta(days=14)
# Readings are kept once an hour and debtor: among these are surely five debtors.
LOOKED_THROUGH = 60


def recent_debtors(actor: User, at: datetime, size: int = 5) -> list[DebtorSummary]:
    """Return the debtors whose page `actor` opened last, the last one first; two queries."""
    seen = DebtorReading.objects.filter(actor=actor, page=DEBTOR_PAGE, at__gte=at - REMEMBERED)
    latest = seen.order_by("-at").values_list("debtor_id", flat=True)[:LOOKED_THROUGH]
    keys = list(dict.fromkeys(latest))[:size]
    found = shown_in_lists(DebtorSummary.objects.filter(pk__in=keys))
    return sorted(found, key=lambda row: keys.index(row.pk))
