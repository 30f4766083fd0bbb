"""What a person decides about an import that waits: confirmed, or given up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cobranca.accounts.console import add_user, person, row_in_scope, tell
from integrations.core.models import ImportRun
from integrations.core.runs import services
from integrations.core.states import RunStatus
from integrations.core.tasks import ring_for


class Command(BaseCommand):
    help = "Confirma as devoluções de um batimento que espera, ou desiste de uma importação."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", type=int, required=True, help="número da importação")
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--confirm", action="store_true", help="um worker a leva adiante")
        wanted.add_argument("--cancel", action="store_true", help="a carteira fica como está")
        add_user(parser, required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Decide and say how the import now stands."""
        with row_in_scope(ImportRun, options["run"]) as row:
            actor = person(options["user"], row.agency)
            if options["confirm"]:
                run = services.confirm_run(run_id=row.pk, actor=actor)
                ring_for(run)
            else:
                run = services.cancel_run(run_id=row.pk, actor=actor)
            run.refresh_from_db()
        status = RunStatus(run.status)
        told = {"run": run.pk, "status": status, "message": run.message}
        sentence = f"Importação nº {run.pk}: {status.label}. {run.message}".strip()
        tell(self, told, sentence, as_json=options["json"])
