from django.apps import AppConfig


class DebtorsConfig(AppConfig):
    """Devedores."""

    name = "cobranca.debtors"
    verbose_name = "Devedores"
