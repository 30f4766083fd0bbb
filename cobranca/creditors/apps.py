from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CreditorsConfig(AppConfig):
    """Credores."""

    name = "cobranca.creditors"
    verbose_name = "Credores"

    def ready(self) -> None:
        """Make the standard parameters and every app's steps of the implantação known."""
        from cobranca.creditors import standard_parameters  # noqa: F401  (declares on import)

        autodiscover_modules("onboarding")
