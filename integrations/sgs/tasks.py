"""“Índices do Banco Central” on the schedule: every index of the agency that has a series there."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from cobranca.accounts.models import User
from cobranca.campaigns.models import IndexSeries
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.scheduling import services
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.registry import (
    YES_NO,
    Parameters,
    ReadyModel,
    RunContext,
    TaskField,
    TaskType,
)
from cobranca.scheduling.states import Frequency
from integrations.sgs.updating import Outcome, summary, update_series

CODE = "read_indices"
LABEL = "Índices do Banco Central"
_LONGEST = 480


def run(context: RunContext) -> Mapping[str, Any]:
    """Update one index after the other; one that fails does not stop the others."""
    found = IndexSeries.objects.filter(agency=context.agency, sgs_code__isnull=False)
    outcomes: list[Outcome] = []
    for series in found.select_related("agency"):
        if not context.is_ours():
            break
        full = bool(context.parameters["full"])
        outcomes.append(update_series(series, on=clock.today(), full=full))
    told = summary(outcomes)[:_LONGEST] or "Nenhum índice tem série do Banco Central no cadastro."
    if any(outcome.problems for outcome in outcomes):
        raise DomainError(told)
    return {
        "message": told,
        "Incluídos": sum(outcome.included for outcome in outcomes),
        "Alterados": sum(outcome.changed for outcome in outcomes),
    }


def ask(series: IndexSeries, *, on: date, actor: User) -> str:
    """Have the agency's task run now: no page waits for the bank.

    Whoever asks for one index gets them all; what came of it is in the task's history.
    """
    tasks = ScheduledTask.objects.filter(agency=series.agency_id, task_type=CODE)
    task = tasks.order_by("-is_active", "pk").first()
    if task is None:
        raise DomainError(f"Crie antes, em Tarefas, a tarefa agendada “{LABEL}”.", "sgs_code")
    services.run_now(task=task, actor=actor, now=clock.now())
    return f"A leitura foi posta na fila: o resultado aparece na tarefa “{task.description}”."


def _subject(_: Parameters) -> str:
    return "indices"


TASK = TaskType(
    code=CODE,
    label=LABEL,
    run=run,
    subject=_subject,
    fields=(
        TaskField(
            "full",
            "Conferir toda a história",
            YES_NO,
            required=False,
            default=False,
            help="Relê todos os meses; sem isto, só os que faltam e os últimos doze.",
        ),
    ),
    models=(
        ReadyModel(
            code="daily",
            description=LABEL,
            frequency=Frequency.DAILY,
            at_time=time(8, 0),
            business_days_only=True,
            parameters={"full": False},
        ),
    ),
)
