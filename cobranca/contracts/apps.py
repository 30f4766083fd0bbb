from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contratos."""

    name = "cobranca.contracts"
    verbose_name = "Contratos"
