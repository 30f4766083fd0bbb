from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contratos."""

    name = "cobranca.contracts"
    verbose_name = "Contratos"

    def ready(self) -> None:
        """Listen to the room below, which may not import this one."""
        from cobranca.contracts.services import record_contact_change
        from cobranca.debtors import changes

        changes.install(record_contact_change)
