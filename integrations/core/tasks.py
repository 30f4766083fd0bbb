"""Background work of the integrations: each message carries an id, the work is a row."""

from datetime import timedelta

from celery import shared_task
from django_scopes import scope, scopes_disabled

from cobranca.common import clock
from integrations.core.models import ImportRun
from integrations.core.runs.ownership import BusyError
from integrations.core.runs.services import carry_out
from integrations.core.states import ALIVE

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
