from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every connector shares."""

    name = "integrations.core"
    label = "integrations"
    verbose_name = "Integrações"

    def ready(self) -> None:
        """Declare the core's task types, and tell the desk how old its data are."""
        from cobranca.contracts import freshness
        from integrations.core import health, selectors, tasks_scheduled  # noqa: F401  (registers)

        freshness.register(selectors.freshness_of)
        health.register()
