from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Shared parts."""

    name = "cobranca.common"
    verbose_name = "Comum"
