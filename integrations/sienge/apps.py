from django.apps import AppConfig


class SiengeConfig(AppConfig):
    """Sienge, the construction industry's ERP."""

    name = "integrations.sienge"
    verbose_name = "Sienge"

    def ready(self) -> None:
        """Make the connector, its parameters and task types known."""
        from integrations.sienge import register  # noqa: F401  (registers on import)
