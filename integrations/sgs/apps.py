from django.apps import AppConfig


class SgsConfig(AppConfig):
    """SGS, the Brazilian central bank's public time series."""

    name = "integrations.sgs"
    verbose_name = "Índices do Banco Central"

    def ready(self) -> None:
        """Make the reader, its parameters and its task type known."""
        from integrations.sgs import register  # noqa: F401  (registers on import)
