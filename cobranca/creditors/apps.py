from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CreditorsConfig(AppConfig):
    """Credores."""

    name = "cobranca.creditors"
    verbose_name = "Credores"

    def ready(self) -> None:
        """Make the standard parameters and every app's steps of the implantação known; answer the
        accounts room, which may not read parameters."""
        from cobranca.accounts import two_factor
        from cobranca.creditors import access

        two_factor.install(access.supervisors_need_two_factor)
        autodiscover_modules("onboarding")
