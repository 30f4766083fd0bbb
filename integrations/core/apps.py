from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every connector shares."""

    name = "integrations.core"
    label = "integrations"
    verbose_name = "Integrações"
