"""Life of contracts and installments."""

from django.db.models import TextChoices

from cobranca.common.errors import DomainError


class InstallmentStatus(TextChoices):
    OPEN = "open", "Em aberto"
    NEGOTIATED = "negotiated", "Em acordo"
    SETTLED = "settled", "Paga"
    RECALLED = "recalled", "Devolvida"


class ContractStatus(TextChoices):
    ACTIVE = "active", "Em cobrança"
    FINISHED = "finished", "Finalizado"


class ContractKind(TextChoices):
    SALE = "sale", "Contrato de venda"
    STANDALONE = "standalone", "Título avulso"


class RecallReason(TextChoices):
    """Why an installment went back to the creditor; an agency may add reasons of its own."""

    RECONCILIATION = "reconciliation", "Batimento"
    PAYMENT = "payment", "Recebimento"
    RENEGOTIATION = "renegotiation", "Renegociação"
    CREDITOR_REQUEST = "creditor_request", "Solicitação do credor"
    TERMINATION = "termination", "Distrato"
    TRANSFER = "transfer", "Cessão"


class SyncStatus(TextChoices):
    """Of the reading that opening a debtor asks for."""

    QUEUED = "queued", "Na fila"
    RUNNING = "running", "Consultando o ERP"
    DONE = "done", "Conferido"
    FAILED = "failed", "Sem resposta do ERP"


SYNC_MOVES: dict[str, set[str]] = {
    SyncStatus.QUEUED: {SyncStatus.RUNNING, SyncStatus.FAILED},
    # A running one whose worker was killed is taken up by another.
    SyncStatus.RUNNING: {SyncStatus.RUNNING, SyncStatus.DONE, SyncStatus.FAILED},
    SyncStatus.DONE: {SyncStatus.QUEUED},
    SyncStatus.FAILED: {SyncStatus.QUEUED},
}

INSTALLMENT_MOVES: dict[str, set[str]] = {
    InstallmentStatus.OPEN: {
        InstallmentStatus.NEGOTIATED,
        InstallmentStatus.SETTLED,
        InstallmentStatus.RECALLED,
    },
    InstallmentStatus.NEGOTIATED: {
        InstallmentStatus.OPEN,
        InstallmentStatus.SETTLED,
        InstallmentStatus.RECALLED,
    },
    InstallmentStatus.SETTLED: {InstallmentStatus.OPEN},
    InstallmentStatus.RECALLED: {InstallmentStatus.OPEN},
}


def check_installment_move(current: str, target: InstallmentStatus) -> None:
    """Raise DomainError unless an installment may go from `current` to `target`."""
    if target not in INSTALLMENT_MOVES.get(current, set()):
        was = InstallmentStatus(current).label.lower()
        raise DomainError(f"Parcela {was} não pode passar a {target.label.lower()}.")


def check_sync_move(current: str, target: SyncStatus) -> None:
    """Raise DomainError unless a reading of a debtor may go from `current` to `target`."""
    if target not in SYNC_MOVES.get(current, set()):
        was = SyncStatus(current).label.lower()
        raise DomainError(f"Sincronização {was} não pode passar a {target.label.lower()}.")
