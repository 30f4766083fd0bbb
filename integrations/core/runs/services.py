"""What people and schedules do with runs: ask, carry out, confirm, cancel."""

from datetime import datetime, timedelta

from django.db import transaction

from cobranca.accounts.models import User
from cobranca.common.errors import DomainError
from cobranca.contracts import mirror
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import FULL_LOAD_POLICY, FULL_LOAD_REQUIRED
from integrations.core.models import ImportRun, LoadState
from integrations.core.registry import entry_for
from integrations.core.runs import execution
from integrations.core.runs.ownership import BusyError, only_one, take
from integrations.core.states import RunStatus, check_move

# A position older than this is not worth going on from: the ERP moved on.
RESUMABLE_FOR = timedelta(hours=2)


def request_run(
    *,
    creditor: Creditor,
    layout: str,
    now: datetime,
    full: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
) -> ImportRun:
    """Put a load in the queue. The first one of a creditor is always a batimento (SIE-08)."""
    entry = entry_for(creditor)
    if layout not in dict(entry.layouts):
        raise DomainError(f"O layout {layout} não existe para {entry.label}.", "layout")
    full, since = (
        _payments_window(creditor, layout, full=full)
        if layout == entry.payments_layout
        else _portfolio_window(creditor, full=full)
    )
    return ImportRun.objects.create(
        agency_id=creditor.agency_id,
        creditor=creditor,
        layout=layout,
        full=full,
        dry_run=dry_run,
        requested_by=actor,
        window_from=since,
        window_to=now,
    )


def _portfolio_window(creditor: Creditor, *, full: bool) -> tuple[bool, datetime | None]:
    """Return whether a load is a batimento, and since when it reads if it is not."""
    state = LoadState.objects.filter(creditor=creditor).first()
    if state is None or state.full_at is None:
        full = True
    _check_policy(creditor, full=full)
    return full, None if full or state is None else state.loaded_until


def _payments_window(
    creditor: Creditor, layout: str, *, full: bool
) -> tuple[bool, datetime | None]:
    """Return since when receipts are read: where the last good reading of them began."""
    if full:
        raise DomainError("Este layout só lê pagamentos: não faz batimento.", "full")
    done = ImportRun.objects.filter(
        creditor=creditor, layout=layout, status=RunStatus.DONE, dry_run=False
    )
    return False, done.order_by("-pk").values_list("window_to", flat=True).first()


def _check_policy(creditor: Creditor, *, full: bool) -> None:
    policy = value_of(FULL_LOAD_POLICY, agency=creditor.agency, creditor=creditor)
    if policy == FULL_LOAD_REQUIRED and not full:
        raise DomainError(
            "Este credor só aceita arquivo de batimento (Importação de batimento = 1).", "full"
        )


def carry_out(run: ImportRun) -> ImportRun:
    """Execute a queued, interrupted or confirmed run to its end; BusyError if someone is at it."""
    with only_one(run.creditor_id):
        run.refresh_from_db()
        if run.status in (RunStatus.QUEUED, RunStatus.READING, RunStatus.APPLYING):
            _retire_interrupted(run)
            execution.execute(run)
    return run


def import_now(
    *,
    creditor: Creditor,
    layout: str,
    now: datetime,
    full: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
) -> ImportRun:
    """Load in the foreground, taking up the same load if a dead worker left it half done."""
    with only_one(creditor.pk):
        run = _interrupted(creditor, layout, full, dry_run, now)
        if run is None:
            run = request_run(
                creditor=creditor,
                layout=layout,
                now=now,
                full=full,
                dry_run=dry_run,
                actor=actor,
            )
            _retire_interrupted(run)
        execution.execute(run)
    return run


def _interrupted(
    creditor: Creditor, layout: str, full: bool, dry_run: bool, now: datetime
) -> ImportRun | None:
    """Return the run of a dead worker that asked for the same; its owner's lock is ours now."""
    left = ImportRun.objects.filter(
        creditor=creditor,
        status__in=[RunStatus.READING, RunStatus.APPLYING],
        layout=layout,
        dry_run=dry_run,
        created_at__gt=now - RESUMABLE_FOR,
    )
    return next((run for run in left if run.full or not full), None)


def _retire_interrupted(run: ImportRun) -> None:
    """End the runs that dead workers of this creditor left, other than `run`."""
    left = ImportRun.objects.filter(
        creditor_id=run.creditor_id, status__in=[RunStatus.READING, RunStatus.APPLYING]
    ).exclude(pk=run.pk)
    for dead in left:
        take(dead)
        execution.fail(
            dead,
            f"Interrompida antes do fim e substituída pela importação nº {run.pk}. "
            "A carteira ficou como estava.",
        )


def confirm_run(*, run_id: int, actor: User) -> ImportRun:
    """Let the removals of a waiting batimento happen; it is then carried out like any other.

    BusyError while a living worker is importing the creditor.
    """
    run = ImportRun.objects.get(pk=run_id)
    with only_one(run.creditor_id):
        return _confirmed(run_id, actor)


@transaction.atomic
def _confirmed(run_id: int, actor: User) -> ImportRun:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    check_move(run.status, RunStatus.APPLYING)
    newer = ImportRun.objects.filter(
        creditor_id=run.creditor_id, status=RunStatus.DONE, dry_run=False, pk__gt=run.pk
    )
    if newer.exists():
        raise DomainError("Uma carga mais nova já foi aplicada: cancele esta.")
    if ImportRun.objects.filter(
        creditor_id=run.creditor_id, status__in=[RunStatus.READING, RunStatus.APPLYING]
    ).exists():
        raise BusyError("Já existe uma importação deste credor em andamento.")
    run.status = RunStatus.APPLYING
    run.details = {**run.details, "confirmed_by": actor.pk, "confirmed_name": str(actor)}
    run.save(update_fields=["status", "details"])
    return run


@transaction.atomic
def cancel_run(*, run_id: int, actor: User) -> ImportRun:
    """Give up a queued or waiting run; nothing it read is applied."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.status not in (RunStatus.QUEUED, RunStatus.WAITING):
        raise DomainError("Só se cancela uma importação na fila ou aguardando confirmação.")
    # A worker that is just taking it up is stopped at its next write.
    take(run)
    execution.cancel(run, f"Cancelada por {actor}. A carteira ficou como estava.")
    mirror.discard(run.pk)
    return run
