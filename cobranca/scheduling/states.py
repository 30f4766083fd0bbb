"""Words of scheduled tasks and their runs."""

from django.db.models import IntegerChoices, TextChoices

from cobranca.common.errors import DomainError


class Frequency(TextChoices):
    DAILY = "daily", "Diária"
    WEEKLY = "weekly", "Semanal"
    MONTHLY = "monthly", "Mensal"
    INTERVAL = "interval", "A cada intervalo"


class Weekday(IntegerChoices):
    MONDAY = 0, "Segunda-feira"
    TUESDAY = 1, "Terça-feira"
    WEDNESDAY = 2, "Quarta-feira"
    THURSDAY = 3, "Quinta-feira"
    FRIDAY = 4, "Sexta-feira"
    SATURDAY = 5, "Sábado"
    SUNDAY = 6, "Domingo"


class RunStatus(TextChoices):
    QUEUED = "queued", "Na fila"
    RUNNING = "running", "Executando"
    DONE = "done", "Concluída"
    FAILED = "failed", "Com erro"
    SKIPPED = "skipped", "Não executada"


MOVES: dict[str, set[str]] = {
    RunStatus.QUEUED: {RunStatus.RUNNING, RunStatus.SKIPPED, RunStatus.FAILED},
    # A run whose worker died is taken up again where it is.
    RunStatus.RUNNING: {RunStatus.RUNNING, RunStatus.DONE, RunStatus.FAILED},
}

ALIVE = (RunStatus.QUEUED, RunStatus.RUNNING)


def check_move(current: str, target: RunStatus) -> None:
    """Raise DomainError unless a run may go from `current` to `target`."""
    if target not in MOVES.get(current, set()):
        was = RunStatus(current).label.lower()
        raise DomainError(f"Execução {was} não pode passar a {target.label.lower()}.")
