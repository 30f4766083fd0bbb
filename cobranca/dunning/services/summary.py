"""The columns of contact in the debtor's narrow row."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Q

from cobranca.debtors.models import Debtor, DebtorSummary

_NEXT_PROMISES = """
UPDATE debtors_debtorsummary t SET next_promise_on = s.next
FROM (SELECT one.debtor_id, min(p.promised_on) FILTER (WHERE p.status = 'open') AS next
      FROM unnest(%s::bigint[]) AS one (debtor_id)
      LEFT JOIN dunning_promise p ON p.debtor_id = one.debtor_id
      GROUP BY one.debtor_id) s
WHERE t.debtor_id = s.debtor_id AND t.next_promise_on IS DISTINCT FROM s.next
"""


def note_contact(debtor: Debtor, at: datetime) -> None:
    """Say when a debtor was last contacted; an older contact told later changes nothing."""
    row, _ = DebtorSummary.objects.get_or_create(
        debtor=debtor, defaults={"agency_id": debtor.agency_id}
    )
    older = Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=at)
    DebtorSummary.objects.filter(older, pk=row.pk).update(last_contact_at=at)


def refresh_next_promises(debtor_ids: Collection[int]) -> None:
    """Bring up to date when the debtors' earliest open promises are."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_PROMISES, [sorted(set(debtor_ids))])
