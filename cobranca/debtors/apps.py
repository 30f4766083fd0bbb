from django.apps import AppConfig


class DebtorsConfig(AppConfig):
    """Devedores."""

    name = "cobranca.debtors"
    verbose_name = "Devedores"

    def ready(self) -> None:
        """Tell what this room holds about persons, and ask for the night's tidying."""
        from cobranca.debtors import own_holdings, parameters, tasks  # noqa: F401  (declare)
        from cobranca.scheduling.registry import system_task

        own_holdings.install()
        system_task(tasks.TASK, every_minutes=tasks.EVERY_MINUTES)
