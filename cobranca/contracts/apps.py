from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contratos."""

    name = "cobranca.contracts"
    verbose_name = "Contratos"

    def ready(self) -> None:
        """Listen to the room below, which may not import this one; ask for the sweeper."""
        from cobranca.contracts import handlers, holdings  # noqa: F401  (handlers register)
        from cobranca.contracts.services import record_contact_change
        from cobranca.debtors import changes
        from cobranca.scheduling.registry import system_task

        changes.install(record_contact_change)
        holdings.install()
        system_task("contracts.sweep_syncs", every_minutes=1)
