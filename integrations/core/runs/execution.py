"""One run carried out: read, applied, ended — and what is said when it cannot be."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from cobranca.common.bell import ring_on_commit
from cobranca.common.errors import DomainError
from cobranca.contracts import mirror
from cobranca.outbox.services import publish
from integrations.core.budget import Priority
from integrations.core.connector import Issue, ReadsPayments, ReadsPortfolio
from integrations.core.errors import BudgetError, ConfigError, IntegrationError, RetryableError
from integrations.core.inbox.moves.unmatched import look_again
from integrations.core.models import ConnectionState, ImportRun, LoadState
from integrations.core.registry import entry_for
from integrations.core.runs import reading
from integrations.core.runs.options import job_for, reads_payments_only
from integrations.core.runs.ownership import BusyError, LostRunError, only_one, take, write
from integrations.core.runs.progress import issues_read, staged_total
from integrations.core.states import ALIVE, RunStatus, check_move

logger = structlog.get_logger(__name__)

# A read cut in the middle is gone on with this soon; what outlasts it is the next load's.
RETRY_DELAYS: tuple[float, ...] = (2, 15)
DATABASE_WAITS: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15)
# The collectors' queue as of what was loaded: by name, for the desk stands above.
RANK_QUEUE = "telecobranca.rank_queue"
KEPT = "A carteira ficou como estava; a próxima carga recomeça sozinha."


def execute(run: ImportRun, sleep: Callable[[float], None] = time.sleep) -> None:
    """Carry a run out. It ends done, waiting or failed, and its message says what happened.

    The caller holds the creditor's lock.
    """
    try:
        _survive_restarts(run, sleep)
    except (LostRunError, BusyError):
        _leave(run)
    except (IntegrationError, DomainError) as error:
        _note_connection(run, error)
        _fail_ours(run, f"{error.message} {KEPT}", getattr(error, "detail", ""))
    except Exception as error:  # the outermost loop: a run must not stay half alive
        logger.exception("import_run_broke", run=run.pk)
        _fail_ours(run, f"Falha inesperada na importação. {KEPT}", repr(error))


def _leave(run: ImportRun) -> None:
    """Let go of a run that somebody else took up: whoever has it now will end it."""
    logger.warning("import_run_lost", run=run.pk)
    run.refresh_from_db()


def _fail_ours(run: ImportRun, message: str, detail: str) -> None:
    # What was written last may have been rolled back, or somebody else ended the run.
    run.refresh_from_db(fields=["status", "details"])
    if run.status not in ALIVE:
        return
    try:
        fail(run, message, detail)
    except LostRunError:
        _leave(run)


def _survive_restarts(run: ImportRun, sleep: Callable[[float], None]) -> None:
    """Run, and when the database went away, wait for it and go on from what it kept."""
    try:
        return _attempt(run, sleep)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
    for wait in DATABASE_WAITS:
        logger.warning("import_database_lost", run=run.pk)
        connection.close()
        sleep(wait)
        # The lock went with the connection.
        with suppress(OperationalError, InterfaceError), only_one(run.creditor_id):
            return _attempt(run, sleep)
    raise RetryableError("O banco de dados não respondeu.")


def _attempt(run: ImportRun, sleep: Callable[[float], None]) -> None:
    run.refresh_from_db()
    take(run)
    if run.status in ALIVE:
        _carry_out(run, sleep)
    # Else it ended meanwhile, even if the database's last answer was lost on the way.
    if run.status == RunStatus.DONE:
        mirror.discard(run.pk)


def _carry_out(run: ImportRun, sleep: Callable[[float], None]) -> None:
    is_confirmed = "confirmed_by" in run.details
    if not is_confirmed:
        _read(run, sleep)
        _move(run, RunStatus.APPLYING)
    _apply(run, is_confirmed=is_confirmed)


def _read(run: ImportRun, sleep: Callable[[float], None]) -> None:
    _move(run, RunStatus.READING, started_at=run.started_at or Now(), message="")
    for delay in (*RETRY_DELAYS, None):
        read = _reader(run)
        try:
            return reading.read_all(run, read)
        except RetryableError as error:
            if delay is None or isinstance(error, BudgetError):
                raise
            write(run, message=f"{error.message} Nova tentativa em instantes.")
            sleep(max(delay, min(error.retry_after or 0, 60)))
    return None


def _reader(run: ImportRun) -> reading.Read:
    """Return how the layout of a run is read."""
    priority = Priority.PAYMENTS if reads_payments_only(run) else Priority.LOADS
    connector = entry_for(run.creditor).make(run.creditor, run_id=run.pk, priority=priority)
    if reads_payments_only(run):
        if not isinstance(connector, ReadsPayments):
            raise DomainError("Este conector não lê pagamentos.")
        return connector.read_payments
    if not isinstance(connector, ReadsPortfolio):
        raise DomainError("Este conector não lê carteiras.")
    return connector.read_portfolio


def _imports_branches(run: ImportRun) -> bool:
    if reads_payments_only(run):
        return False
    connector = entry_for(run.creditor).make(run.creditor, run_id=run.pk)
    return isinstance(connector, ReadsPortfolio) and connector.imports_branches


def _apply(run: ImportRun, *, is_confirmed: bool) -> None:
    """Apply what was read and end the run, in one transaction: both are seen or neither."""
    job = job_for(run, imports_branches=_imports_branches(run), confirmed=is_confirmed)
    with transaction.atomic():
        write(run, message="")
        _check_staging(run, is_confirmed=is_confirmed)
        outcome = mirror.apply(job, dry_run=run.dry_run)
        reading.forget_applied_issues(run)
        reading.save_issues(
            run, [Issue(i.code, i.message, i.contract) for i in outcome.issues], None
        )
        if outcome.needs_confirmation and not run.dry_run:
            _wait_for_person(run, outcome)
        else:
            _finish(run, outcome)


def _check_staging(run: ImportRun, *, is_confirmed: bool) -> None:
    """Refuse to apply less than was read: it would pass for removals in the ERP."""
    if mirror.staged_rows(run.pk) == staged_total(run):
        return
    if is_confirmed:
        raise DomainError(
            "O que foi lido se perdeu com o banco de dados: rode o batimento de novo."
        )
    raise OperationalError("staging lost")


def _results(run: ImportRun, outcome: mirror.Outcome) -> dict[str, Any]:
    details = run.details | outcome.extra | {"preview": outcome.preview}
    details |= {"reopened": outcome.reopened, "open_before": outcome.open_before}
    if outcome.removals_held:
        details["notices"] = sorted({*details.get("notices", []), outcome.removals_held})
    return {
        "included": outcome.included,
        "updated": outcome.updated,
        "recalled": outcome.recalled,
        "issue_count": issues_read(run) + len(outcome.issues),
        "details": details,
    }


def _finish(run: ImportRun, outcome: mirror.Outcome) -> None:
    message = "Simulação: nada foi alterado." if run.dry_run else ""
    if run.dry_run and outcome.needs_confirmation:
        message += " As devoluções passariam do limite e esperariam confirmação."
    _move(
        run,
        RunStatus.DONE,
        finished_at=Now(),
        message=message,
        **_results(run, outcome),
    )
    if run.dry_run:
        return
    if not reads_payments_only(run):
        _remember_load(run)
        _look_at_announcements(run)
    _retire_waiting(run)
    _note_connection(run, None)
    ring_on_commit(RANK_QUEUE, run.agency_id)


def _look_at_announcements(run: ImportRun) -> None:
    """Go through the announcements of titles that were unknown here until now (SIE-17)."""
    since = run.window_to or run.created_at
    look_again(run.agency, entry_for(run.creditor).system, read_from=since, now=since)


def _wait_for_person(run: ImportRun, outcome: mirror.Outcome) -> None:
    share = 100 * outcome.recalled / max(outcome.open_before, 1)
    message = (
        f"O batimento devolveria {outcome.recalled} de {outcome.open_before} parcelas em aberto "
        f"({share:.0f} %), acima do limite. Nada foi alterado: confira e confirme ou cancele."
    )
    _move(run, RunStatus.WAITING, message=message, **_results(run, outcome))
    _retire_waiting(run)
    _call_for_attention(run)


def _remember_load(run: ImportRun) -> None:
    """Open the next window where this load began; failed days are never skipped (SIE-08)."""
    values: dict[str, Any] = {
        "agency_id": run.agency_id,
        "loaded_until": run.window_to,
        "last_run": run,
    }
    if run.full:
        values["full_at"] = run.finished_at
    LoadState.objects.update_or_create(creditor_id=run.creditor_id, defaults=values)


def _retire_waiting(run: ImportRun) -> None:
    older = ImportRun.objects.filter(
        creditor_id=run.creditor_id, status=RunStatus.WAITING, pk__lt=run.pk
    )
    # Locked: a person may be deciding about it at this moment.
    for waiting in older.select_for_update():
        cancel(waiting, f"Substituída pela importação nº {run.pk}.")
        mirror.discard(waiting.pk)


def cancel(run: ImportRun, message: str) -> None:
    """End a queued or waiting run without applying it."""
    _move(run, RunStatus.CANCELLED, finished_at=Now(), message=message)


def fail(run: ImportRun, message: str, detail: str = "") -> None:
    """End a run that is ours and cannot go on; nothing of it was applied."""
    details = run.details | ({"error": detail[:500]} if detail else {})
    with transaction.atomic():
        _move(
            run,
            RunStatus.FAILED,
            finished_at=Now(),
            message=message[:500],
            details=details,
        )
        _call_for_attention(run)
    mirror.discard(run.pk)


def _move(run: ImportRun, target: RunStatus, **values: Any) -> None:
    check_move(run.status, target)
    write(run, status=target, **values)


def _call_for_attention(run: ImportRun) -> None:
    payload = {
        "run": run.pk,
        "creditor": str(run.creditor),
        "status": RunStatus(run.status).label,
        "message": run.message,
    }
    publish(
        "import.needs_attention",
        agency=run.agency,
        payload=payload,
        key=f"{run.pk}:{run.status}",
    )


def _note_connection(run: ImportRun, error: Exception | None) -> None:
    """Show on the connection's screen whether the ERP let us in, as this run saw it."""
    if error is not None and not isinstance(error, ConfigError):
        return
    values: dict[str, Any] = {"is_healthy": error is None, "checked_at": Now()}
    system = entry_for(run.creditor).system
    was_red = ConnectionState.objects.filter(system=system, is_healthy=False).exists()
    if error is not None or was_red:
        message = error.message if isinstance(error, ConfigError) else "A última carga entrou."
        values["message"] = message[:300]
    ConnectionState.objects.update_or_create(
        agency_id=run.agency_id, system=system, defaults=values
    )
