from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """Tarefas."""

    name = "cobranca.scheduling"
    verbose_name = "Tarefas"
