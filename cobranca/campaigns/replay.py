"""The nightly check that recent quotes still come out to the same centavo."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from cobranca.campaigns.quotes import replay_since
from cobranca.common.errors import DomainError
from cobranca.scheduling.registry import ReadyModel, RunContext, TaskType, register
from cobranca.scheduling.states import Frequency

CODE = "replay_quotes"
RECENT = timedelta(days=7)


def run(context: RunContext) -> Mapping[str, Any]:
    """Recompute the quotes of the last days; a difference fails the run, naming the quotes."""
    found = replay_since(context.due_at - RECENT, now=context.due_at)
    if found.different:
        numbers = ", ".join(map(str, found.different[:20]))
        raise DomainError(
            f"{len(found.different)} de {found.checked} cálculos já não dão os mesmos centavos: "
            f"{numbers}. Nada foi alterado; avise o suporte antes de usar estes acordos."
        )
    return {
        "checked": found.checked,
        "message": f"{found.checked} cálculos conferidos, todos iguais.",
    }


def install() -> None:
    """Make the task known."""
    register(
        TaskType(
            code=CODE,
            label="Conferência de cálculos",
            run=run,
            subject=lambda _: CODE,
            models=(
                ReadyModel(
                    code=CODE,
                    description="Conferência noturna dos cálculos recentes",
                    frequency=Frequency.DAILY,
                    at_time=time(3),
                ),
            ),
        )
    )
