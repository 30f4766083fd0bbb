"""Background work of the integrations: each message carries an id, the work is a row."""

from datetime import timedelta

from celery import shared_task
from django_scopes import scope, scopes_disabled

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.common.bell import ring_on_commit
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import LOG_RETENTION_DAYS
from integrations.core.budget import forget_usage
from integrations.core.inbox.moves.unmatched import forget_old
from integrations.core.models import ImportRun, IntegrationLog
from integrations.core.runs.ownership import BusyError
from integrations.core.runs.services import carry_out
from integrations.core.states import ALIVE
from integrations.core.titles import discard_abandoned

# A living worker signs at least this often between pages; silence is looked into.
SILENCE = timedelta(minutes=1)


@shared_task
def run_import(run_id: int) -> None:
    """Carry out one import; when somebody is at it already, leave it to them."""
    with scopes_disabled():
        run = ImportRun.objects.select_related("agency", "creditor").get(pk=run_id)
    with scope(agency=run.agency):
        try:
            carry_out(run)
        except BusyError:
            return


def ring_for(run: ImportRun) -> None:
    """Have a run carried out once its transaction commits; without a broker, the sweeper does."""
    ring_on_commit(run_import.name, run.pk)


@shared_task
def sweep_imports() -> int:
    """Ring again for imports that nobody took or whose worker fell silent."""
    limit = clock.now() - SILENCE
    with scopes_disabled():
        alive = ImportRun.objects.filter(status__in=ALIVE, created_at__lt=limit)
        silent = alive.exclude(heartbeat_at__gt=limit).values_list("pk", flat=True)
        waiting = list(silent)
    for run_id in waiting:
        run_import.delay(run_id)
    return len(waiting)


# Few enough rows a statement that nobody waits behind it.
BATCH = 5000
# Only the present minute and day count; the others are for whoever asks what happened.
USAGE_KEPT = timedelta(days=7)


@shared_task
def delete_old_logs() -> int:
    """Delete calls older than each agency keeps them (parameter of retention), and old quotas."""
    with scopes_disabled():
        agencies = list(Agency.objects.all())
    for agency in agencies:
        forget_usage(agency, clock.now() - USAGE_KEPT)
    return sum(_delete_logs_of(agency) for agency in agencies)


def _delete_logs_of(agency: Agency) -> int:
    deleted = 0
    with scope(agency=agency):
        days = value_of(LOG_RETENTION_DAYS, agency=agency)
        old = IntegrationLog.objects.filter(at__lt=clock.now() - timedelta(days=days))
        while ids := list(old.order_by().values_list("pk", flat=True)[:BATCH]):
            deleted += IntegrationLog.objects.filter(pk__in=ids).delete()[0]
        before = clock.now() - timedelta(days=days)
        deleted += forget_old(agency, before=before, now=clock.now())
    return deleted


@shared_task
def discard_abandoned_readings() -> int:
    """Drop what readings of single titles staged before their process died."""
    return discard_abandoned()
