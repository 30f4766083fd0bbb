"""“Baixa de promessas” on the schedule."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from cobranca.common import clock
from cobranca.dunning.services.settling import settle_promises
from cobranca.dunning.states import PromiseStatus
from cobranca.scheduling.registry import ReadyModel, RunContext, TaskType, register
from cobranca.scheduling.states import Frequency

CODE = "settle_promises"


def run(context: RunContext) -> Mapping[str, Any]:
    """Keep, break and reopen the agency's promises by what was received."""
    counts = settle_promises(
        agency_id=context.agency.pk,
        on=clock.office_date(context.due_at),
        is_ours=context.is_ours,
    )
    kept, broken, reopened = (
        counts[status] for status in (PromiseStatus.KEPT, PromiseStatus.BROKEN, PromiseStatus.OPEN)
    )
    message = f"{kept} promessas cumpridas, {broken} quebradas, {reopened} reabertas."
    return {"kept": kept, "broken": broken, "reopened": reopened, "message": message}


def install() -> None:
    """Make the task known."""
    register(
        TaskType(
            code=CODE,
            label="Baixa de promessas",
            run=run,
            subject=lambda _: CODE,
            models=(
                ReadyModel(
                    code=CODE,
                    description="Baixa diária das promessas",
                    frequency=Frequency.DAILY,
                    at_time=time(7),
                ),
            ),
        )
    )
