from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Painéis e exportações."""

    name = "cobranca.reports"
    verbose_name = "Painéis"

    def ready(self) -> None:
        """Show a chart in the style guide."""
        from cobranca.reports import specimen

        specimen.register()
