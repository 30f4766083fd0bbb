"""manage.py install_schedules"""

from typing import Any

from django.core.management.base import BaseCommand

from cobranca.scheduling.installation import install_schedules


class Command(BaseCommand):
    help = "Agenda as tarefas do próprio sistema e confere os sinos das tarefas agendadas."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in install_schedules():
            self.stdout.write(name)
