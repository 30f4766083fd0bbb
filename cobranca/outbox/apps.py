from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Fila de saída."""

    name = "cobranca.outbox"
    verbose_name = "Fila de saída"
