"""SIE-13 from the command line: a debtor's contracts are read in the ERP now."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cobranca.accounts.console import row_in_scope, tell
from cobranca.common import clock
from cobranca.contracts.models import DebtorSync
from cobranca.contracts.states import SyncStatus
from cobranca.contracts.syncing import carry_out, open_debtor
from cobranca.debtors.models import Debtor

NOBODY = "Nenhum ERP a consultar para este devedor."
EXIT_CODES = {SyncStatus.DONE: 0, SyncStatus.FAILED: 1}


class Command(BaseCommand):
    """Exit 0 done or nothing to ask, 1 failed, 2 a worker is at it."""

    help = "Confere agora, no ERP, os contratos de um devedor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--debtor", type=int, required=True, help="código interno do devedor")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask, wait for the answer, print and exit."""
        with row_in_scope(Debtor, options["debtor"]) as debtor:
            asked = open_debtor(debtor, now=clock.now(), is_wish=True)
            if asked is not None:
                carry_out(debtor.pk, clock=clock.now)
            row = DebtorSync.objects.filter(debtor=debtor).first() if asked else None
        status = SyncStatus(row.status) if row else None
        told = {
            "debtor": options["debtor"],
            "status": status,
            "changed": bool(row and row.changed),
            "synced_at": row.synced_at if row else None,
            "message": row.message if row else NOBODY,
        }
        sentence = f"{status.label}. {told['message']}" if status else NOBODY
        tell(self, told, sentence.strip(), as_json=options["json"])
        sys.exit(EXIT_CODES.get(status, 2) if status else 0)
