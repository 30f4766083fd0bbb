"""The reading of a debtor's contracts that opening the page asks for: a row that is queued, taken,
ended (SIE-13).

One row a debtor, the latest. Whoever takes it raises `attempt`: one who comes back after the lease
finds another number there and writes nothing.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cobranca.common.bell import ring_on_commit
from cobranca.contracts.erp import SyncReport
from cobranca.contracts.models import DebtorSync
from cobranca.contracts.states import SyncStatus, check_sync_move
from cobranca.debtors.models import Debtor

TASK = "contracts.sync_debtor"
ALIVE = (SyncStatus.QUEUED, SyncStatus.RUNNING)
# Opening a debtor again within it does not ask the ERP again.
FRESH = timedelta(minutes=1)
# How long one who took it may be silent. Longer readings are only done twice, never wrongly.
LEASE = timedelta(minutes=2)
# One that took its workers down until then is given up.
PATIENCE = timedelta(minutes=10)
# How long a ring may take to be heard before the sweeper rings again.
GRACE = timedelta(seconds=30)
# After the ERP gave no answer to one debtor's reading, the others do not ask for so long.
SILENCE = timedelta(seconds=30)
MESSAGE_LIMIT = 300


@transaction.atomic
def request_sync(*, debtor: Debtor, now: datetime, fresh: timedelta = FRESH) -> DebtorSync:
    """Ask for a debtor's contracts to be read in the ERP, unless that is under way or was just
    done (within `fresh`); return how the reading stands."""
    DebtorSync.objects.bulk_create(
        [
            DebtorSync(
                agency_id=debtor.agency_id,
                debtor=debtor,
                status=SyncStatus.DONE,
                requested_at=now - PATIENCE,
            )
        ],
        ignore_conflicts=True,
    )
    row = DebtorSync.objects.select_for_update().get(debtor=debtor)
    if row.status in ALIVE or (row.finished_at and now - row.finished_at < fresh):
        return row
    check_sync_move(row.status, SyncStatus.QUEUED)
    row.status, row.requested_at, row.started_at = SyncStatus.QUEUED, now, None
    row.save(update_fields=["status", "requested_at", "started_at"])
    ring_on_commit(TASK, debtor.pk)
    return row


@transaction.atomic
def take_sync(debtor_id: int, *, now: datetime) -> DebtorSync | None:
    """Take a reading for the length of the lease; None when it is not to be had.

    One that was asked for too long ago ended with its workers: it is given up.
    """
    waiting = DebtorSync.objects.filter(debtor=debtor_id).filter(waits(now))
    row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    row.attempt += 1
    if now - row.requested_at > PATIENCE:
        row.save(update_fields=["attempt"])
        fail_sync(row, "A consulta ao ERP foi interrompida.", now=now, is_silent=True)
        return None
    check_sync_move(row.status, SyncStatus.RUNNING)
    row.status, row.started_at = SyncStatus.RUNNING, now
    row.save(update_fields=["status", "started_at", "attempt"])
    return row


def waits(now: datetime) -> Q:
    """Return what may be taken: what nobody took, and what whoever took it let fall."""
    return Q(status=SyncStatus.QUEUED) | Q(status=SyncStatus.RUNNING, started_at__lt=now - LEASE)


def finish_sync(row: DebtorSync, report: SyncReport, *, now: datetime) -> bool:
    """Record that everything was read, if the reading is still ours."""
    return _end(
        row,
        SyncStatus.DONE,
        finished_at=now,
        synced_at=now,
        failing_since=None,
        changed=report.changed,
        message="",
    )


def fail_sync(
    row: DebtorSync, message: str, *, now: datetime, is_silent: bool, changed: bool = False
) -> bool:
    """Record that not everything was read, and since when the ERP is silent, where it is.

    An ERP that answers, but refuses, is not silent. `changed` tells of what was read before.
    """
    since = (row.failing_since or now) if is_silent else None
    return _end(
        row,
        SyncStatus.FAILED,
        finished_at=now,
        failing_since=since,
        changed=changed,
        message=message[:MESSAGE_LIMIT],
    )


def repeat_silence(row: DebtorSync, silent: DebtorSync) -> bool:
    """Record that the ERP, silent to another debtor's reading a moment ago, was not asked again.

    With that one's moments, so that silence is never concluded from silence nobody tried.
    """
    return _end(
        row,
        SyncStatus.FAILED,
        finished_at=silent.finished_at,
        failing_since=row.failing_since or silent.failing_since,
        changed=False,
        message=silent.message,
    )


def _end(row: DebtorSync, status: SyncStatus, **values: object) -> bool:
    """Write the end of a reading unless another attempt took it (compare-and-swap)."""
    check_sync_move(row.status, status)
    ours = DebtorSync.objects.filter(pk=row.pk, attempt=row.attempt, status=row.status)
    return ours.update(status=status, **values) == 1
