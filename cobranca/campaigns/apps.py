from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campanhas de cálculo."""

    name = "cobranca.campaigns"
    verbose_name = "Campanhas de cálculo"

    def ready(self) -> None:
        """Make this room's tasks known."""
        from cobranca.campaigns import holdings, parameters, replay  # noqa: F401  (declare)

        holdings.install()
        replay.install()
