"""Life of an import run, of an announcement received, of a write into an ERP."""

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


class DeliveryStatus(TextChoices):
    """Of an announcement received (webhook)."""

    WAITING = "waiting", "Na fila"
    DONE = "done", "Processado"
    # Nothing here by that code yet: the daily load looks again (SIE-17).
    UNMATCHED = "unmatched", "Sem contrato aqui"
    PARKED = "parked", "Parado com erro"
    DISCARDED = "discarded", "Descartado"


# The outcome of one that is waiting, and held by a worker.
AT_WORK = "Em processamento"

DELIVERY_MOVES: dict[str, set[str]] = {
    DeliveryStatus.WAITING: {
        DeliveryStatus.DONE,
        DeliveryStatus.UNMATCHED,
        DeliveryStatus.PARKED,
        DeliveryStatus.DISCARDED,
    },
    DeliveryStatus.UNMATCHED: {DeliveryStatus.WAITING, DeliveryStatus.DISCARDED},
    DeliveryStatus.PARKED: {DeliveryStatus.WAITING, DeliveryStatus.DISCARDED},
    # One without an id of its own that comes again is looked at again.
    DeliveryStatus.DONE: {DeliveryStatus.WAITING},
    DeliveryStatus.DISCARDED: {DeliveryStatus.WAITING},
}


def check_delivery_move(current: str, target: DeliveryStatus) -> None:
    """Raise DomainError unless an announcement may go from `current` to `target`."""
    if target not in DELIVERY_MOVES.get(current, set()):
        was = DeliveryStatus(current).label.lower()
        raise DomainError(f"Aviso {was} não pode passar a {target.label.lower()}.")


class OperationStep(TextChoices):
    """Of a write into an ERP. From SENDING on the ERP may have it, whatever we heard."""

    PREPARED = "prepared", "Preparada"
    SENDING = "sending", "Enviando ao ERP"
    ACCEPTED = "accepted", "Aceita pelo ERP"
    CONFIRMED = "confirmed", "Conferida no ERP"
    DONE = "done", "Concluída"
    REFUSED = "refused", "Recusada pelo ERP"
    UNDOING = "undoing", "Desfazendo no ERP"
    UNDONE = "undone", "Desfeita"


OPERATION_MOVES: dict[str, set[str]] = {
    OperationStep.PREPARED: {
        OperationStep.SENDING,
        OperationStep.REFUSED,
        OperationStep.UNDONE,
    },
    OperationStep.SENDING: {
        OperationStep.SENDING,
        OperationStep.ACCEPTED,
        OperationStep.REFUSED,
        OperationStep.UNDOING,
    },
    OperationStep.ACCEPTED: {OperationStep.CONFIRMED, OperationStep.UNDOING},
    OperationStep.CONFIRMED: {OperationStep.DONE, OperationStep.UNDOING},
    OperationStep.DONE: {OperationStep.UNDOING, OperationStep.UNDONE},
    OperationStep.UNDOING: {OperationStep.UNDOING, OperationStep.UNDONE, OperationStep.DONE},
    # Corrected and ordered again.
    OperationStep.REFUSED: {OperationStep.PREPARED, OperationStep.UNDONE},
    OperationStep.UNDONE: {OperationStep.PREPARED},
}


def check_operation_move(current: str, target: OperationStep) -> None:
    """Raise DomainError unless a write may go from step `current` to `target`."""
    if target not in OPERATION_MOVES.get(current, set()):
        was = OperationStep(current).label
        raise DomainError(f"A gravação está em “{was}” e não pode passar a “{target.label}”.")
