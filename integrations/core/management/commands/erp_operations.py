"""What is being written into ERPs: listed, one step by step, or undone now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope

from cobranca.accounts.console import row_in_scope, tell
from cobranca.accounts.models import Agency
from integrations.core.models import ErpOperation
from integrations.core.operations import reading
from integrations.core.operations.unwanted import undo_now


class Command(BaseCommand):
    help = "Lista o que está sendo gravado nos ERPs, mostra uma gravação ou a desfaz agora."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operation", type=int, help="mostra as etapas desta gravação")
        parser.add_argument("--undo", action="store_true", help="desfaz agora o que ninguém espera")
        parser.add_argument("--all", action="store_true", help="também as que já terminaram")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print one write, or those that did not end."""
        if options["operation"] is None:
            if options["undo"]:
                raise CommandError("Diga qual: --operation NÚMERO.")
            self._list(options)
            return
        with row_in_scope(ErpOperation, options["operation"]) as row:
            if options["undo"]:
                undo_now(row)
            found = reading.operation_detail().get(pk=row.pk)
            steps = [
                {"step": step.step, "message": step.message, "at": step.at}
                for step in found.steps.all()
            ]
        told = {**_told(found), "steps": steps}
        lines = [_sentence(found), *(f"  {step['step']}  {step['message']}" for step in steps)]
        tell(self, told, "\n".join(lines), as_json=options["json"])

    def _list(self, options: dict[str, Any]) -> None:
        rows: list[ErpOperation] = []
        for agency in Agency.objects.filter(is_active=True).order_by("pk"):
            with scope(agency=agency):
                found = reading.operations()
                rows += found if options["all"] else found.exclude(step__in=reading.ENDED)
        told = {"operations": [_told(row) for row in rows]}
        sentence = "\n".join(map(_sentence, rows)) or "Nenhuma gravação em andamento."
        tell(self, told, sentence, as_json=options["json"])


def _told(row: ErpOperation) -> dict[str, Any]:
    names = (
        "id", "key", "system", "creditor_id", "contract_id", "step", "message", "external_id",
        "attempts", "updated_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _sentence(row: ErpOperation) -> str:
    return f"{row.pk}  {row.key}  {row.get_step_display()}  {row.message}".rstrip()
