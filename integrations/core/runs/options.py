"""The office's rules for one run, from its parameters."""

from dataclasses import dataclass
from decimal import Decimal

from cobranca.common import clock
from cobranca.contracts.mirror import MirrorJob
from cobranca.creditors.models import Creditor
from cobranca.creditors.selectors import values_of
from cobranca.creditors.standard_parameters import (
    IMPORT_SECTION,
    RECALL_IMPORTED,
    RECALL_LIMIT_PERCENT,
    REOPEN_RECALLED,
    UPDATE_INSTALLMENT_DATA,
)
from integrations.core.models import ImportRun
from integrations.core.registry import entry_for


@dataclass(frozen=True)
class Rules:
    """What an office decided about its imports, in general or for one creditor."""

    update_data: bool
    reopen_recalled: bool
    recall_imported: bool
    recall_limit_percent: Decimal


def rules_of(creditor: Creditor) -> Rules:
    """Return the rules that hold for a creditor's imports, of every channel."""
    values = values_of(IMPORT_SECTION, agency=creditor.agency, creditor=creditor)
    return Rules(
        update_data=values[UPDATE_INSTALLMENT_DATA],
        reopen_recalled=values[REOPEN_RECALLED],
        recall_imported=values[RECALL_IMPORTED],
        recall_limit_percent=Decimal(values[RECALL_LIMIT_PERCENT]),
    )


def job_for(run: ImportRun, *, imports_branches: bool, confirmed: bool) -> MirrorJob:
    """Return the mirror's orders for a run."""
    rules = rules_of(run.creditor)
    return MirrorJob(
        run=run.pk,
        agency=run.agency_id,
        creditor=run.creditor_id,
        system=run.creditor.creditor_type,
        source=_source(run),
        on=clock.office_date(run.window_to or run.created_at),
        full=run.full,
        update_data=rules.update_data,
        reopen_recalled=rules.reopen_recalled,
        recall_imported=rules.recall_imported,
        recall_limit_percent=rules.recall_limit_percent,
        import_branches=imports_branches,
        confirmed=confirmed,
        # What changed between being asked for and being read comes with the next load too.
        read_at=run.window_to or run.created_at,
    )


def reads_payments_only(run: ImportRun) -> bool:
    """Tell whether a run reads receipts and nothing else (SIE-19)."""
    return run.layout == entry_for(run.creditor).payments_layout


def _source(run: ImportRun) -> str:
    """Return what the timeline calls a run."""
    layout = dict(entry_for(run.creditor).layouts)[run.layout]
    if reads_payments_only(run):
        return f"{layout} nº {run.pk}"
    return f"{layout} · {'batimento' if run.full else 'carga diária'} nº {run.pk}"
