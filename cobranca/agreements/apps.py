from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Acordos."""

    name = "cobranca.agreements"
    verbose_name = "Acordos"

    def ready(self) -> None:
        """Make this room's parameters, tasks, deliveries and system checks known."""
        from cobranca.agreements import holdings, parameters, tasks, tasks_erp  # noqa: F401  (declare)
        from cobranca.agreements.documents import checks, handlers  # noqa: F401  (register)

        holdings.install()
        tasks.install()
        tasks_erp.install()
