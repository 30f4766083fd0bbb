"""manage.py demo: what `make demo` runs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrations.demo.house import House
from integrations.demo.processes import answers


class Command(BaseCommand):
    help = "Monta e mantém de pé a demonstração: banco, simuladores, importação, web e trabalhador."

    def handle(self, *args: Any, **options: Any) -> None:
        house = House(settings.COBRANCA_HOME, self._say)
        if house.pid_file.exists() and answers(f"{house.url}/health/live"):
            raise CommandError(f"A demonstração já está aberta em {house.url}.")
        house.run()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
