"""The doorbell of readings that opening a debtor asks for, and its sweeper."""

from celery import shared_task
from django_scopes import scope, scopes_disabled

from cobranca.common import clock
from cobranca.contracts import syncing
from cobranca.contracts.models import DebtorSync
from cobranca.contracts.services.syncing import GRACE, TASK, waits
from cobranca.debtors.models import Debtor

MOST = 500


@shared_task(name=TASK)
def sync_debtor(debtor_id: int) -> bool:
    """Read one debtor's contracts in the ERP; when somebody is at it already, leave it to them."""
    with scopes_disabled():
        debtor = Debtor.objects.select_related("agency").filter(pk=debtor_id).first()
    if debtor is None:
        return False
    with scope(agency=debtor.agency):
        return syncing.carry_out(debtor_id, clock=clock.now)


@shared_task(name="contracts.sweep_syncs")
def sweep_syncs() -> int:
    """Ring again for readings that nobody heard of or whose worker was killed."""
    now = clock.now()
    with scopes_disabled():
        unheard = DebtorSync.objects.filter(waits(now), requested_at__lt=now - GRACE)
        waiting = list(unheard.order_by("requested_at").values_list("pk", flat=True)[:MOST])
    for debtor_id in waiting:
        sync_debtor.delay(debtor_id)
    return len(waiting)
