from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """Tarefas."""

    name = "cobranca.scheduling"
    verbose_name = "Tarefas"

    def ready(self) -> None:
        """Ask for the sweepers of this room and of the rooms below it."""
        from cobranca.scheduling.registry import system_task

        system_task("scheduling.sweep", every_minutes=1)
        # A queue is read past what was delivered from it, so not much may pile up.
        system_task("scheduling.forget_delivered", every_minutes=10)
        system_task("outbox.sweep", every_minutes=1)
        system_task("accounts.forget_answers", every_minutes=60)
