from django.apps import AppConfig


class CreditorsConfig(AppConfig):
    """Credores."""

    name = "cobranca.creditors"
    verbose_name = "Credores"
