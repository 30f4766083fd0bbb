"""One import, now, in the foreground."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope, scopes_disabled

from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.models import ImportRun
from integrations.core.runs.services import import_now
from integrations.core.states import RunStatus

EXIT_CODES = {RunStatus.DONE: 0, RunStatus.WAITING: 2}


class Command(BaseCommand):
    """Exit 0 done, 1 failed (nothing removed), 2 waiting for a person's confirmation."""

    help = "Importa a carteira de um credor agora e diz o que mudou."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options of 90-interfaces.md."""
        parser.add_argument("--creditor", type=int, required=True, help="código interno do credor")
        parser.add_argument("--layout", default="carga_sienge")
        parser.add_argument("--full", action="store_true", help="batimento")
        parser.add_argument("--dry-run", action="store_true", help="só mostra o que mudaria")
        parser.add_argument("--json", action="store_true", help="resumo em JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        """Import, print the summary and exit with its code."""
        with scopes_disabled():
            creditor = Creditor.objects.select_related("agency").filter(pk=options["creditor"])
            found = creditor.first()
        if found is None:
            raise CommandError(f"Credor {options['creditor']} não existe.")
        with scope(agency=found.agency):
            run = self._run(found, options)
        self._report(run, as_json=options["json"])
        sys.exit(EXIT_CODES.get(RunStatus(run.status), 1))

    def _run(self, creditor: Creditor, options: dict[str, Any]) -> ImportRun:
        try:
            return import_now(
                creditor=creditor,
                layout=options["layout"],
                full=options["full"],
                dry_run=options["dry_run"],
                now=clock.now(),
            )
        except DomainError as error:
            raise CommandError(error.message) from error

    def _report(self, run: ImportRun, *, as_json: bool) -> None:
        summary = summary_of(run)
        if as_json:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        self.stdout.write(
            f"Importação nº {run.pk}: {RunStatus(run.status).label}. "
            f"Incluídas {run.included}, atualizadas {run.updated}, devolvidas {run.recalled}, "
            f"ignoradas {run.ignored}, críticas {run.issue_count} "
            f"({summary['seconds']} s). {run.message}".strip()
        )


def summary_of(run: ImportRun) -> dict[str, Any]:
    """Return the summary that scripts read (90-interfaces.md)."""
    end = run.finished_at or clock.now()
    seconds = (end - (run.started_at or end)).total_seconds()
    return {
        "run": run.pk,
        "status": run.status,
        "full": run.full,
        "dry_run": run.dry_run,
        "pages": run.pages,
        "read": run.read,
        "included": run.included,
        "updated": run.updated,
        "recalled": run.recalled,
        "ignored": run.ignored,
        "issues": run.issue_count,
        "seconds": round(seconds, 1),
        "message": run.message,
    }
