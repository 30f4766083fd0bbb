"""Who is at a run: a lock that dies with its worker, and a number that fences the dead off.

The lock is PostgreSQL's own and belongs to the connection: a killed worker or a restarted
database lets go of it at once. A worker that lost it without noticing is stopped by `attempt`,
which every write of a run checks.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now

from cobranca.common.errors import DomainError
from integrations.core.models import ImportRun

LOCK_SPACE = 728_403


class BusyError(DomainError):
    """A living worker is importing this creditor right now."""


class LostRunError(Exception):
    """Another worker took this run up; nothing of this one may be written any more."""


@contextmanager
def only_one(creditor_id: int) -> Iterator[None]:
    """Hold a creditor's imports for the block; BusyError when a living worker holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, creditor_id])
        if not cursor.fetchone()[0]:
            raise BusyError("Já existe uma importação deste credor em andamento.", "creditor")
    try:
        yield
    finally:
        # With the connection gone the lock is gone too.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, creditor_id])


def take(run: ImportRun) -> None:
    """Raise the run's attempt: from here on only this worker writes it, as it stands now."""
    ImportRun.objects.filter(pk=run.pk).update(attempt=F("attempt") + 1, heartbeat_at=Now())
    run.refresh_from_db(fields=["attempt", "status"])


def write(run: ImportRun, **values: Any) -> None:
    """Change columns of a run that is still ours, with a sign of life; else LostRunError."""
    mine = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt)
    if mine.update(heartbeat_at=Now(), **values) != 1:
        raise LostRunError(f"run {run.pk} was taken up by another worker")
    # Instants are the database's: read back what it made of them.
    computed = [name for name, value in values.items() if isinstance(value, Now)]
    for name, value in values.items():
        setattr(run, name, value)
    if computed:
        run.refresh_from_db(fields=computed)
