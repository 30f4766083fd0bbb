"""Life of an import run."""

from django.db.models import TextChoices

from cobranca.common.errors import DomainError


class RunStatus(TextChoices):
    QUEUED = "queued", "Na fila"
    READING = "reading", "Lendo o ERP"
    APPLYING = "applying", "Aplicando"
    WAITING = "waiting", "Aguardando confirmação"
    DONE = "done", "Concluída"
    FAILED = "failed", "Falhou"
    CANCELLED = "cancelled", "Cancelada"


MOVES: dict[str, set[str]] = {
    RunStatus.QUEUED: {RunStatus.READING, RunStatus.FAILED, RunStatus.CANCELLED},
    RunStatus.READING: {
        RunStatus.READING,
        RunStatus.APPLYING,
        RunStatus.DONE,
        RunStatus.FAILED,
        RunStatus.CANCELLED,
    },
    RunStatus.APPLYING: {
        RunStatus.READING,
        RunStatus.APPLYING,
        RunStatus.WAITING,
        RunStatus.DONE,
        RunStatus.FAILED,
    },
    RunStatus.WAITING: {RunStatus.APPLYING, RunStatus.CANCELLED, RunStatus.FAILED},
}

ALIVE = (RunStatus.QUEUED, RunStatus.READING, RunStatus.APPLYING)


def check_move(current: str, target: RunStatus) -> None:
    """Raise DomainError unless a run may go from `current` to `target`."""
    if target not in MOVES.get(current, set()):
        was = RunStatus(current).label.lower()
        raise DomainError(f"Importação {was} não pode passar a {target.label.lower()}.")
