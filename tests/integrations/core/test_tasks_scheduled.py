"""The scheduled import: what it says of itself in the history."""

from datetime import UTC, datetime, time

import pytest

from cobranca.scheduling import execution, services
from cobranca.scheduling.models import ScheduledTask

NOW = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)


@pytest.mark.usefixtures("in_scope")
def test_a_task_without_anybody_to_import_does_not_pass_for_done(agency, creditor, implementer):
    task = services.save_task(
        task=ScheduledTask(
            agency=agency, task_type="import_portfolio", frequency="daily", at_time=time(7)
        ),
        parameters={"creditor": str(creditor.pk), "layout": "carga_sienge"},
        actor=implementer,
        now=NOW,
    )
    creditor.is_active = False
    creditor.save()
    run = services.run_now(task=task, actor=implementer, now=NOW)

    execution.execute(run.pk, clock=lambda: NOW, every=60)

    run.refresh_from_db()
    assert run.status == "failed"
    assert "Nada a importar" in run.message
