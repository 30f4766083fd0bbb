"""What a creditor's whole portfolio comes to on a day."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope, scopes_disabled

from cobranca.calc.errors import CalcError
from cobranca.campaigns.bulk import BulkQuote, bulk_quote
from cobranca.campaigns.bulk.position import HEADER, position_lines
from cobranca.common import clock
from cobranca.common.downloads import csv_text
from cobranca.creditors.models import Creditor


class Command(BaseCommand):
    """Prices every open installment, before discounts; nothing is saved."""

    help = "Calcula a carteira inteira de um credor numa data, por devedor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--creditor", type=int, required=True)
        parser.add_argument("--on", type=date.fromisoformat, help="AAAA-MM-DD; sem ela, hoje")
        parser.add_argument("--output", type=Path, help="arquivo CSV com uma linha por devedor")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Price, write the file if one is asked for, print the sums."""
        with scopes_disabled():
            creditor = Creditor.objects.select_related("agency").filter(pk=options["creditor"])
            found = creditor.first()
        if found is None:
            raise CommandError(f"Credor {options['creditor']} não existe.")
        with scope(agency=found.agency):
            on = options["on"] or clock.today()
            try:
                made = bulk_quote(agency=found.agency, on=on, creditors=[found])
            except CalcError as error:
                raise CommandError(error.message) from error
            if options["output"]:
                lines = csv_text(HEADER, position_lines(made))
                options["output"].write_text(lines, encoding="utf-8")
        self._report(made, on, as_json=options["json"])

    def _report(self, made: BulkQuote, on: date, *, as_json: bool) -> None:
        totals = list(made.totals())
        told = {
            "on": on.isoformat(),
            "debtors": len(totals),
            "installments": sum(line.installments for line in totals),
            "refused": len(made.refused),
            "principal": f"{sum(line.principal for line in totals):.2f}",
            "charges": f"{sum(line.penalty + line.interest for line in totals):.2f}",
            "fee": f"{sum(line.fee for line in totals):.2f}",
            "updated": f"{sum(line.updated for line in totals):.2f}",
        }
        if as_json:
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            f"Posição em {on:%d/%m/%Y}: {told['debtors']} devedores, {told['installments']} "
            f"parcelas, R$ {told['updated']} atualizados."
        )
        if len(made.refused):
            self.stdout.write(
                f"{len(made.refused)} parcelas sem campanha ou faixa ficaram fora: complete as "
                "campanhas deste credor."
            )
            sys.exit(1)
