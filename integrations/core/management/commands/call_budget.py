"""The call budget from the command line: what is left, who spends it, what stops next."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django_scopes import scope, scopes_disabled

from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core import outlook
from integrations.core.budget import office_time
from integrations.core.outlook import Share, SystemOutlook
from integrations.core.registry import entry_for


class Command(BaseCommand):
    """Exit 0 while payments may be asked for, 1 when nothing may."""

    help = "Mostra a cota de chamadas do ERP de um credor: o que resta, quem gasta, o que para."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--creditor", type=int, required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Look, print and exit."""
        with scopes_disabled():
            found = Creditor.objects.select_related("agency").filter(pk=options["creditor"]).first()
        if found is None:
            raise CommandError(f"Credor {options['creditor']} não existe.")
        with scope(agency=found.agency):
            try:
                system = entry_for(found).system
            except DomainError as error:
                raise CommandError(error.message) from error
            told = outlook.system_outlook(found.agency, system, clock.now())
        if options["json"]:
            self.stdout.write(
                json.dumps(outlook.told(told), cls=DjangoJSONEncoder, ensure_ascii=False)
            )
        else:
            self._report(told)
        if any(pool.state == "spent" for pool in told.pools):
            raise SystemExit(1)

    def _report(self, told: SystemOutlook) -> None:
        for pool in told.pools:
            limit = "sem cota diária" if pool.pool.day_limit is None else str(pool.pool.day_limit)
            self.stdout.write(f"{told.label} {pool.label}: {pool.pool.day_used} hoje, de {limit}")
            self.stdout.write(f"  {pool.sentence}")
            for share in pool.shares:
                self.stdout.write(f"  {_line(share)}")
        for spender in told.spenders:
            self.stdout.write(f"{spender.calls:>8}  {spender.method} ({spender.errors} com erro)")


def _line(share: Share) -> str:
    if share.is_refused:
        state = "PARADA"
    elif share.ends_at is not None:
        state = f"para às {office_time(share.ends_at):%H:%M}"
    else:
        state = "pode chamar"
    left = "" if share.left is None else f", restam {share.left}"
    return f"{share.label}: {share.spent} hoje{left}, {state}"
