from typing import Any

from django.apps import AppConfig
from django.apps import apps as all_apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate


class DunningConfig(AppConfig):
    """Lei de contato, tentativas e acionamentos."""

    name = "cobranca.dunning"
    verbose_name = "Contato"

    def ready(self) -> None:
        """Make this room's tasks and law known, give every agency the results of contacts."""
        from cobranca.accounts.furnishing import furnishes
        from cobranca.dunning import holdings, mailing, tasks, tasks_law
        from cobranca.dunning.results import default_results
        from cobranca.scheduling.registry import system_task

        holdings.install()
        mailing.install()
        tasks.install()
        furnishes("dunning.results", default_results)
        post_migrate.connect(_furnish_agencies, sender=self)
        post_migrate.connect(_plant_law, sender=self)
        system_task(tasks_law.TASK, every_minutes=tasks_law.EVERY_MINUTES)


def _furnish_agencies(*, using: str, plan: Any = (), **_: Any) -> None:
    """Give the agencies that were there before this room what new ones get."""
    from cobranca.dunning.results import furnish_bare_agencies

    if any(step.app_label == "dunning" and not backwards for step, backwards in plan):
        furnish_bare_agencies(using)


def _plant_law(*, using: str, apps: Any = all_apps, **_: Any) -> None:
    """Put in the contact norms and holidays that are missing, once their tables are whole."""
    from cobranca.dunning.seeds import plant_law

    try:
        apps.get_model("dunning", "LegalHoliday")._meta.get_field("is_optional")
    except (LookupError, FieldDoesNotExist):
        return
    plant_law(using)
