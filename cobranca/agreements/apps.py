from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Acordos."""

    name = "cobranca.agreements"
    verbose_name = "Acordos"

    def ready(self) -> None:
        """Make this room's parameters, tasks, deliveries and system checks known."""
        from cobranca.agreements import parameters, tasks  # noqa: F401  (parameters declare)
        from cobranca.agreements.documents import checks, handlers  # noqa: F401  (register)

        tasks.install()
