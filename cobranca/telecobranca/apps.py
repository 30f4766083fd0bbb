from django.apps import AppConfig


class TelecobrancaConfig(AppConfig):
    """Telecobrança."""

    name = "cobranca.telecobranca"
    verbose_name = "Telecobrança"
