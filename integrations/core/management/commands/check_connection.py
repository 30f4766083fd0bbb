"""SIE-03 from the command line."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope, scopes_disabled

from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.connection import check_connection
from integrations.core.models import ConnectionState

WORDS = {"ok": "liberado", "not_granted": "NÃO LIBERADO", "down": "sem resposta"}


class Command(BaseCommand):
    """Exit 0 when the ERP answers, 1 when it does not let us in."""

    help = "Testa a conexão com o ERP de um credor, recurso por recurso."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options of 90-interfaces.md."""
        parser.add_argument("--creditor", type=int, required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Check, print and exit."""
        with scopes_disabled():
            creditor = (
                Creditor.objects.select_related("agency").filter(pk=options["creditor"]).first()
            )
        if creditor is None:
            raise CommandError(f"Credor {options['creditor']} não existe.")
        with scope(agency=creditor.agency):
            try:
                state = check_connection(creditor=creditor)
            except DomainError as error:
                raise CommandError(error.message) from error
        self._report(state, as_json=options["json"])
        sys.exit(0 if state.is_healthy else 1)

    def _report(self, state: ConnectionState, *, as_json: bool) -> None:
        if as_json:
            found = {
                "healthy": state.is_healthy,
                "message": state.message,
                "resources": state.report,
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for line in state.report:
            self.stdout.write(f"{WORDS[line['state']]:>14}  {line['name']}  {line['message']}")
        self.stdout.write(state.message)
