"""The office's rules for one run, from its parameters."""

from decimal import Decimal

from cobranca.common import clock
from cobranca.contracts.mirror import MirrorJob
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


def job_for(run: ImportRun, *, imports_branches: bool, confirmed: bool) -> MirrorJob:
    """Return the mirror's orders for a run."""
    rules = values_of(IMPORT_SECTION, agency=run.agency, creditor=run.creditor)
    layout = dict(entry_for(run.creditor).layouts)[run.layout]
    return MirrorJob(
        run=run.pk,
        agency=run.agency_id,
        creditor=run.creditor_id,
        system=run.creditor.creditor_type,
        source=f"{layout} · {'batimento' if run.full else 'carga diária'} nº {run.pk}",
        on=clock.office_date(run.window_to or run.created_at),
        full=run.full,
        update_data=rules[UPDATE_INSTALLMENT_DATA],
        reopen_recalled=rules[REOPEN_RECALLED],
        recall_imported=rules[RECALL_IMPORTED],
        recall_limit_percent=Decimal(rules[RECALL_LIMIT_PERCENT]),
        import_branches=imports_branches,
        confirmed=confirmed,
    )
