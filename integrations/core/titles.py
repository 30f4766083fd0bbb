"""Some titles read whole and applied at once: what webhooks, openings and agreements share.

Reading is network and holds no transaction. What was read waits in staging tables of its own,
under a negative key so that it never meets a load's; it is applied with whatever the caller must
write in the same transaction, and thrown away.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from enum import StrEnum
from time import monotonic

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction

from cobranca.common.errors import DomainError
from cobranca.contracts import mirror
from cobranca.creditors.models import Creditor
from integrations.core.budget import Priority
from integrations.core.connector import Issue, Page, ReadsTitles
from integrations.core.registry import entry_for
from integrations.core.runs.options import rules_of

logger = structlog.get_logger(__name__)

# Held while a partial run is at work: staging whose lock is free belongs to nobody any more.
LOCK_SPACE = 728_404


class Channel(StrEnum):
    """Who asked for the reading: what the timeline calls it."""

    OPENING = "Sincronização"
    WEBHOOK = "Webhook"
    AGREEMENT = "Acordo integrado"


def sync_titles(  # noqa: PLR0913 - each channel says all of it, by name
    creditor: Creditor,
    titles: Sequence[str],
    *,
    channel: Channel,
    on: date,
    receipts: bool,
    priority: Priority,
    now: datetime,
    within: Callable[[], None] | None = None,
    boletos: Collection[str] = (),
    connector: ReadsTitles | None = None,
) -> mirror.Outcome:
    """Read some titles of a creditor whole and make our book of them equal; say what changed.

    `now` is the instant right before the call: what was read of a title later than that, by
    another channel, is not overwritten. `within` runs in the transaction of the application,
    after it. Of the titles in `boletos` it is asked which installments have one. A caller that
    already asked the ERP something about these titles hands over the `connector` it asked.

    Raises IntegrationError when they cannot be read, and then nothing was changed; DomainError
    where the creditor's connector cannot read titles.

    Must be called outside any transaction: the ERP is waited for.
    """
    wanted = sorted(set(titles))
    started = monotonic()
    reader = connector or entry_for(creditor).make(creditor, priority=priority)
    if not isinstance(reader, ReadsTitles):
        raise DomainError("Este conector não lê títulos um a um.")
    with _staging() as run:
        read_at = now + timedelta(seconds=monotonic() - started)
        pages = reader.read_titles(wanted, receipts=receipts, boletos=boletos)
        issues = _stage(run, pages)
        rules = rules_of(creditor)
        job = mirror.MirrorJob(
            run=run,
            agency=creditor.agency_id,
            creditor=creditor.pk,
            system=creditor.creditor_type,
            source=channel.value,
            on=on,
            full=False,
            update_data=rules.update_data,
            reopen_recalled=rules.reopen_recalled,
            recall_imported=rules.recall_imported,
            import_branches=False,
            titles=True,
            read_at=read_at,
        )
        with transaction.atomic():
            outcome = mirror.apply(job)
            if within is not None:
                within()
    outcome.issues += [mirror.MirrorIssue(i.code, i.message, i.contract) for i in issues]
    return outcome


def _stage(run: int, pages: Iterable[Page]) -> list[Issue]:
    """Stage all that is told of the titles; returns what was set aside."""
    issues: list[Issue] = []
    staged = 0
    for number, page in enumerate(pages, start=1):
        staged += mirror.stage(run, number, page.records)
        issues += page.issues
    if mirror.staged_rows(run) != staged:
        # Less than was read would pass for removals in the ERP.
        raise OperationalError("staging lost")
    for issue in issues:
        logger.warning("title_row_set_aside", code=issue.code, contract=issue.contract)
    return issues


@contextmanager
def _staging() -> Iterator[int]:
    """Hand out a key of staging tables, held by a lock that dies with this process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT -nextval('mirror.partial_run')")
        run = int(cursor.fetchone()[0])
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, run])
    try:
        yield run
    finally:
        # What cannot be dropped now (a lost connection) is dropped by `discard_abandoned`.
        with suppress(DatabaseError):
            mirror.discard(run)
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, run])


def discard_abandoned() -> int:
    """Drop the staging of partial runs whose process is gone; returns of how many."""
    dropped = 0
    for run in mirror.partial_runs():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, run])
            if not cursor.fetchone()[0]:
                continue
            try:
                mirror.discard(run)
                dropped += 1
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, run])
    return dropped
