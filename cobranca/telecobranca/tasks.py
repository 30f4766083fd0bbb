"""“Ordenar a fila de trabalho”, on the schedule and after each load (TEL-05)."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.common import clock
from cobranca.scheduling.registry import ReadyModel, RunContext, TaskType, register
from cobranca.scheduling.states import Frequency
from cobranca.telecobranca.services.queue import refresh_queue

CODE = "rank_queue"
EVERY_MINUTES = 15
# Rung by name when a load ended well (integrations.core.runs.execution).
AFTER_LOADS = "telecobranca.rank_queue"


@shared_task(name=AFTER_LOADS)
def rank_queue(agency_id: int) -> int:
    """Rank an agency's queue now; return how many debtors changed places."""
    agency = Agency.objects.filter(pk=agency_id, is_active=True).first()
    if agency is None:
        return 0
    with scope(agency=agency):
        return refresh_queue(agency_id, clock.today(), clock.now()).changed


def run(context: RunContext) -> Mapping[str, Any]:
    """Rank the agency's queue as of now: loads, payments and the day itself change it."""
    # A run that waited ranks for the present day, not for the one it was due on.
    ranked = refresh_queue(context.agency.pk, clock.today(), clock.now())
    return {"changed": ranked.changed, "message": f"{ranked.changed} devedores mudaram de lugar."}


def install() -> None:
    """Make the task known."""
    register(
        TaskType(
            code=CODE,
            label="Ordenar a fila de trabalho",
            run=run,
            subject=lambda _: CODE,
            models=(
                ReadyModel(
                    code=CODE,
                    description="Ordenação da fila a cada 15 minutos",
                    frequency=Frequency.INTERVAL,
                    every_minutes=EVERY_MINUTES,
                ),
            ),
        )
    )
