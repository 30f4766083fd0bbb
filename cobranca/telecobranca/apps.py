from django.apps import AppConfig


class TelecobrancaConfig(AppConfig):
    """Telecobrança."""

    name = "cobranca.telecobranca"
    verbose_name = "Telecobrança"

    def ready(self) -> None:
        """Tell what this room holds and who sees whom, and make its tasks known."""
        from cobranca.debtors import sight
        from cobranca.telecobranca import distribution, holdings, tasks

        sight.install(distribution.sight)
        holdings.install()
        tasks.install()
