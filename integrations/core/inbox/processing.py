"""Processing: announcements only point at titles; the facts are read anew and applied once.

Their order means nothing, and however many speak of a title, it is read once. What is marked
done is so in the transaction of the effect; one that is announced after its reading began is
another row, or lost its lease, and causes another reading.

One worker at a time is at an agency's announcements, so that a title is not read by two: a lock
that dies with its worker. The leases keep them right also where the lock was lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.db import DatabaseError, connection

from cobranca.accounts.models import Agency
from integrations.core.inbox.batch import Batch, Clock
from integrations.core.inbox.moves import leasing
from integrations.core.inbox.report import Report
from integrations.core.inbox.selectors import systems_due
from integrations.core.registry import entry_of_system

LOCK_SPACE = 728_407
ELSEWHERE = "Outro processamento dos avisos está em andamento."


def process(agency: Agency, *, clock: Clock, everything: bool = False) -> Report:
    """Process what is due of an agency; with `everything`, also what waits for a later attempt.

    Leaves it to whoever is at it already. What is announced while the lock is being let go is
    looked for once more, for its ring found the lock taken.
    """
    report = Report()
    while True:
        with _only_one(agency.pk) as is_ours:
            if not is_ours:
                return report + Report(message="" if report.taken else ELSEWHERE)
            if everything:
                leasing.make_due(agency_id=agency.pk, now=clock())
            this = _round(agency, clock, waits_are_kept=not everything)
        report += this
        if not this.taken or not systems_due(agency, now=clock()):
            return report
        everything = False


def _round(agency: Agency, clock: Clock, *, waits_are_kept: bool) -> Report:
    report = Report()
    for system in systems_due(agency, now=clock()):
        if waits_are_kept:
            _join_those_who_wait(agency, system, clock())
        report += _process_system(agency, system, clock)
    return report


def _process_system(agency: Agency, system: str, clock: Clock) -> Report:
    """Process what is due of one system until nothing is, or the ERP does not answer."""
    entry = entry_of_system(system)
    report = Report()
    if entry is None:
        return report
    while held := leasing.take(agency_id=agency.pk, system=system, now=clock()):
        batch = Batch(agency, entry, held, clock)
        report += batch.process()
        if batch.erp_is_down:
            break
        if batch.erp_answered:
            leasing.wait_over(agency_id=agency.pk, system=system, now=clock())
    return report


def _join_those_who_wait(agency: Agency, system: str, now: datetime) -> None:
    """While others wait for the ERP, what has come since waits with them."""
    wait = leasing.wait_of(agency_id=agency.pk, system=system, now=now)
    if wait is not None:
        until, error = wait
        leasing.join_the_wait(agency_id=agency.pk, system=system, error=error, until=until)


@contextmanager
def _only_one(agency_id: int) -> Iterator[bool]:
    """Hold an agency's announcements for the block; False when a living worker holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, agency_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            # With the connection gone the lock is gone too.
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, agency_id])
