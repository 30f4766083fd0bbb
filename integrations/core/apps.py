from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every connector shares."""

    name = "integrations.core"
    label = "integrations"
    verbose_name = "Integrações"

    def ready(self) -> None:
        """Declare the core's task types and onboarding steps."""
        from integrations.core import tasks_scheduled  # noqa: F401  (register on import)
