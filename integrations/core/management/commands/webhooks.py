"""SIE-14 from the command line."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope, scopes_disabled

from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core import hooks
from integrations.core.hooks import told

WORDS = {
    "ok": "criado",
    "missing": "FALTA",
    "different": "DIFERENTE",
    "unavailable": "não existe lá",
}


class Command(BaseCommand):
    """Exit 0 when what was asked is so, 1 when something is missing or could not be done."""

    help = "Confere, cria, repara ou remove os webhooks da assessoria no ERP de um credor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options of 90-interfaces.md."""
        parser.add_argument("--creditor", type=int, required=True, help="código interno do credor")
        wanted = parser.add_mutually_exclusive_group()
        wanted.add_argument("--check", action="store_const", const="check", dest="action")
        wanted.add_argument("--install", action="store_const", const="install", dest="action")
        wanted.add_argument("--rotate", action="store_const", const="rotate", dest="action")
        wanted.add_argument("--remove", action="store_const", const="remove", dest="action")
        parser.set_defaults(action="check")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do what was asked, print what there is and exit."""
        with scopes_disabled():
            found = Creditor.objects.select_related("agency").filter(pk=options["creditor"])
            creditor = found.first()
        if creditor is None:
            raise CommandError(f"Credor {options['creditor']} não existe.")
        with scope(agency=creditor.agency):
            try:
                hooks.act(options["action"], creditor=creditor, actor=None, now=clock.now())
                report = told(creditor)
            except DomainError as error:
                raise CommandError(error.message) from error
        self._report(report, as_json=options["json"])
        sys.exit(0 if report["complete"] or options["action"] == "remove" else 1)

    def _report(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for hook in report["hooks"]:
            self.stdout.write(f"{WORDS[hook['state']]:>14}  {hook['label']}  {hook['message']}")
        self.stdout.write(f"{report['url']}\n{report['message']}")
