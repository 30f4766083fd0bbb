from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Fila de saída."""

    name = "cobranca.outbox"
    verbose_name = "Fila de saída"

    def ready(self) -> None:
        """Make the office's own deliveries known."""
        from cobranca.outbox import handlers  # noqa: F401  (registers on import)
