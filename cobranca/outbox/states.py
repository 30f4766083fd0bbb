"""Life of a delivery."""

from django.db.models import TextChoices

from cobranca.common.errors import DomainError


class DeliveryStatus(TextChoices):
    PENDING = "pending", "Aguardando"
    DELIVERED = "delivered", "Entregue"
    PARKED = "parked", "Parada"
    DISCARDED = "discarded", "Descartada"


MOVES: dict[str, set[str]] = {
    DeliveryStatus.PENDING: {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.PARKED,
        DeliveryStatus.DISCARDED,
    },
    DeliveryStatus.PARKED: {DeliveryStatus.PENDING, DeliveryStatus.DISCARDED},
}


def check_move(current: str, target: DeliveryStatus) -> None:
    """Raise DomainError unless a delivery may go from `current` to `target`."""
    if target not in MOVES.get(current, set()):
        was = DeliveryStatus(current).label.lower()
        raise DomainError(f"Saída {was} não pode passar a {target.label.lower()}.")
