from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Contas e acessos."""

    name = "cobranca.accounts"
    verbose_name = "Contas e acessos"

    def ready(self) -> None:
        """Keep the roles' groups equal to roles.py after each migrate; keep the API's answers."""
        from cobranca.accounts import auth_trail
        from cobranca.accounts.idempotency import answer_once
        from cobranca.common.api.idempotency import install

        install(answer_once)
        auth_trail.connect()
        post_migrate.connect(_sync_roles, dispatch_uid="accounts.sync_roles")


def _sync_roles(app_config: AppConfig, using: str, **_: Any) -> None:
    # Signals come once per app; the last app knows every permission.
    if app_config.label == "integrations":
        from cobranca.accounts.services import sync_roles

        sync_roles(using=using)
