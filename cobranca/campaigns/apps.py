from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campanhas de cálculo."""

    name = "cobranca.campaigns"
    verbose_name = "Campanhas de cálculo"

    def ready(self) -> None:
        """Make this room's tasks known."""
        from cobranca.campaigns import parameters, replay  # noqa: F401  (parameters declare)

        replay.install()
