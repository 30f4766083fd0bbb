"""The office's rules for one run, from its parameters."""

from decimal import Decimal

from django.utils import timezone

from cobranca.contracts.mirror import MirrorJob
from cobranca.creditors.selectors import value_of
from cobranca.creditors.standard_parameters import (
    RECALL_IMPORTED,
    RECALL_LIMIT_PERCENT,
    REOPEN_RECALLED,
    UPDATE_INSTALLMENT_DATA,
)
from integrations.core.models import ImportRun
from integrations.core.registry import entry_for


def job_for(run: ImportRun, *, imports_branches: bool, confirmed: bool) -> MirrorJob:
    """Return the mirror's orders for a run."""
    where = {"agency": run.agency, "creditor": run.creditor}
    layout = dict(entry_for(run.creditor).layouts)[run.layout]
    return MirrorJob(
        run=run.pk,
        agency=run.agency_id,
        creditor=run.creditor_id,
        system=run.creditor.creditor_type,
        source=f"{layout} · {'batimento' if run.full else 'carga diária'} nº {run.pk}",
        on=timezone.localdate(run.window_to),
        full=run.full,
        update_data=value_of(UPDATE_INSTALLMENT_DATA, **where),
        reopen_recalled=value_of(REOPEN_RECALLED, **where),
        recall_imported=value_of(RECALL_IMPORTED, **where),
        recall_limit_percent=Decimal(value_of(RECALL_LIMIT_PERCENT, **where)),
        import_branches=imports_branches,
        confirmed=confirmed,
    )
