"""From the ERP's first page to its last, each staged with the position after it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction

from cobranca.contracts import mirror
from cobranca.contracts.mirror import knows
from integrations.core.connector import Issue, Page, Scope
from integrations.core.jsontext import as_json
from integrations.core.models import ImportIssue, ImportRun
from integrations.core.runs import progress
from integrations.core.runs.ownership import write

Read = Callable[[Scope, Mapping[str, Any] | None], Iterator[Page]]

BLANK: dict[str, Any] = {
    "cursor": {},
    "staged": {},
    "pages": 0,
    "pages_expected": None,
    "read": 0,
    "ignored": 0,
    "issue_count": 0,
    "details": {},
}


def read_all(run: ImportRun, read: Read) -> None:
    """Read what the run asks for to the end, going on where an earlier attempt stopped."""
    resume = _position(run)
    for page in read(scope_of(run), resume):
        take_in(run, page)


def scope_of(run: ImportRun) -> Scope:
    """Return what the run asks the ERP for."""
    creditor = run.creditor
    return Scope(
        company=creditor.external_code,
        full=run.full,
        since=None if run.full else run.window_from,
        known_contracts=lambda codes: knows.known_contracts(creditor.pk, codes),
        known_debtors=lambda codes: knows.known_debtors(creditor.creditor_type, codes),
    )


def _position(run: ImportRun) -> Mapping[str, Any] | None:
    """Return where to go on; from the start when what was staged is no longer whole."""
    if run.cursor and mirror.staged_rows(run.pk) == progress.staged_total(run):
        return dict(run.cursor)
    start_over(run)
    return None


def start_over(run: ImportRun) -> None:
    """Forget everything read so far and make room for it again."""
    with transaction.atomic():
        mirror.discard(run.pk)
        mirror.prepare(run.pk)
        ImportIssue.objects.filter(run=run).delete()
        write(run, **BLANK)


def take_in(run: ImportRun, page: Page) -> None:
    """Stage one page, its issues and the position after it: all of it or nothing."""
    number = run.pages + 1
    with transaction.atomic():
        if page.restarts:
            _forget(run, page.stream)
        staged = mirror.stage(run.pk, number, page.records)
        save_issues(run, page.issues, number)
        write(run, **progress.after_page(run, page, number, staged))


def _forget(run: ImportRun, stream: str) -> None:
    pages = progress.pages_of(run, stream)
    if pages:
        mirror.forget_pages(run.pk, pages)
        ImportIssue.objects.filter(run=run, page__in=pages).delete()


def forget_applied_issues(run: ImportRun) -> None:
    """Take back the issues of an earlier application: one that waited is done again."""
    ImportIssue.objects.filter(run=run, page__isnull=True).delete()


def save_issues(run: ImportRun, issues: Any, page: int | None) -> None:
    """Write issues with COPY; a whole portfolio may be at fault."""
    if not issues:
        return
    columns = 'agency_id, run_id, page, code, message, contract, installment, "row"'
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY integrations_importissue ({columns}) FROM STDIN") as copy,
    ):
        for issue in issues:
            copy.write_row((run.agency_id, run.pk, page, *_columns(issue)))


def _columns(issue: Issue) -> tuple[Any, ...]:
    row = None if issue.row is None else as_json(issue.row)
    return (
        issue.code[:40],
        issue.message[:300],
        issue.contract[:40],
        issue.installment[:20],
        row,
    )
