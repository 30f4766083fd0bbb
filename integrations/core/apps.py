from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every connector shares."""

    name = "integrations.core"
    label = "integrations"
    verbose_name = "Integrações"

    def ready(self) -> None:
        """Declare the core's task types, and tell the desk how old its data are."""
        from cobranca.common import notices
        from cobranca.contracts import erp, erp_steps, freshness
        from cobranca.reports import connections
        from integrations.core import (
            health,
            holdings,
            registry,
            reporting,
            selectors,
            tasks_operations,  # noqa: F401  (registers)
            tasks_scheduled,  # noqa: F401  (registers)
            tasks_webhooks,  # noqa: F401  (registers)
            views_budget,
        )
        from integrations.core.operations import reading

        freshness.register(selectors.freshness_of)
        erp.install(registry.find_gateway)
        erp_steps.register(reading.steps_of)
        health.register()
        connections.install(reporting.health_of)
        holdings.install()
        notices.register(views_budget.notices)
