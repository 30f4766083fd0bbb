"""manage.py sandbox NAME --port N --seed S --contracts N [--date YYYY-MM-DD]"""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.sandbox.command import serve
from integrations.sandbox.journal import StateMismatch
from integrations.sandbox.registry import SIMULATORS


class Command(BaseCommand):
    help = "Serve o simulador de um sistema externo, com a API de controle em /_sandbox/."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(SIMULATORS))
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--contracts", type=int, default=100)
        parser.add_argument("--date", dest="on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--customers", type=int)
        parser.add_argument("--companies", type=int, default=2)
        parser.add_argument("--installments-per-contract", type=int)
        parser.add_argument("--state", dest="state_dir", type=Path, metavar="PASTA")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        wanted = {key: options[key] for key in _OPTIONS}
        try:
            serve(name, **wanted)
        except StateMismatch as error:
            raise CommandError(f"A pasta de estado é de outra simulação: {error}") from error


_OPTIONS = (
    "port", "host", "seed", "contracts", "on", "customers", "companies",
    "installments_per_contract", "state_dir",
)  # fmt: skip
