"""Life of a delivery."""

from django.db.models import TextChoices


class DeliveryStatus(TextChoices):
    PENDING = "pending", "Aguardando"
    DELIVERED = "delivered", "Entregue"
    PARKED = "parked", "Parada"
