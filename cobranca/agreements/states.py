"""Life of an agreement and of its parcels: the only moves there are."""

from django.db.models import TextChoices

from cobranca.common.errors import DomainError


class AgreementStatus(TextChoices):
    PROPOSAL = "proposal", "Proposta"
    WAITING = "waiting", "Aguardando aprovação"
    ACTIVE = "active", "Vigente"
    SETTLED = "settled", "Quitado"
    BROKEN = "broken", "Quebrado"
    CANCELLED = "cancelled", "Cancelado"


# What holds its installments: nobody else may negotiate or collect them meanwhile.
LIVE = (AgreementStatus.WAITING, AgreementStatus.ACTIVE)

MOVES: dict[str, set[str]] = {
    AgreementStatus.PROPOSAL: {
        AgreementStatus.WAITING,
        AgreementStatus.ACTIVE,
        AgreementStatus.CANCELLED,
    },
    AgreementStatus.WAITING: {
        AgreementStatus.ACTIVE,
        AgreementStatus.BROKEN,
        AgreementStatus.CANCELLED,
    },
    AgreementStatus.ACTIVE: {
        AgreementStatus.SETTLED,
        AgreementStatus.BROKEN,
        AgreementStatus.CANCELLED,
    },
    # Only by reversing a payment.
    AgreementStatus.SETTLED: {AgreementStatus.ACTIVE},
}


def check_move(current: str, target: AgreementStatus) -> None:
    """Raise DomainError unless an agreement may go from `current` to `target`."""
    if target not in MOVES.get(current, set()):
        was = AgreementStatus(current).label
        raise DomainError(f"O acordo está em “{was}” e não pode passar a “{target.label}”.")


class WaitsFor(TextChoices):
    """What an agreement that is not in force yet waits for."""

    APPROVAL = "approval", "Aprovação"
    ERP = "erp", "Resposta do ERP"


class ParcelStatus(TextChoices):
    OPEN = "open", "Em aberto"
    PAID = "paid", "Paga"
    CANCELLED = "cancelled", "Cancelada"


PARCEL_MOVES: dict[str, set[str]] = {
    ParcelStatus.OPEN: {ParcelStatus.PAID, ParcelStatus.CANCELLED},
    # Only by reversing a payment.
    ParcelStatus.PAID: {ParcelStatus.OPEN},
}


def check_parcel_move(current: str, target: ParcelStatus) -> None:
    """Raise DomainError unless a parcel of an agreement may go from `current` to `target`."""
    if target not in PARCEL_MOVES.get(current, set()):
        was = ParcelStatus(current).label
        message = f"A parcela do acordo está em “{was}” e não pode passar a “{target.label}”."
        raise DomainError(message)


class Mode(TextChoices):
    """How an agreement is saved: the buttons of the calculation screen (AGR-01)."""

    PROPOSAL = "proposal", "Salvar proposta"
    ACTIVE = "active", "Salvar acordo"
    PAYMENT = "payment", "Baixar pagamento"
    INTEGRATED = "integrated", "Integrar ERP"


class Effect(TextChoices):
    """When an agreement made by a template takes effect."""

    ON_CREATION = "on_creation", "Ao criar"
    ON_FIRST_PAYMENT = "on_first_payment", "Ao pagar a primeira parcela"


class Approval(TextChoices):
    """Whether an agreement made by a template waits for a supervisor."""

    BY_AUTHORITY = "by_authority", "Conforme a alçada"
    ALWAYS = "always", "Sempre"
