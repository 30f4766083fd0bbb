"""SIE-26 from the command line: the ERP sends a contract's statement or balance by e-mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cobranca.accounts.console import add_user, row_in_scope, tell, user_named
from cobranca.common import clock
from cobranca.contracts.erp_mail import Paper, Wish, mail_paper
from cobranca.contracts.models import Contract


class Command(BaseCommand):
    help = "Faz o ERP enviar por e-mail o extrato ou o saldo devedor do cliente de um contrato."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contract", type=int, required=True, help="código do contrato")
        parser.add_argument("--paper", choices=Paper.values, default=Paper.STATEMENT.value)
        parser.add_argument("--email", type=int, help="e-mail do devedor; sem ele, o principal")
        parser.add_argument("--message", default="", help="o que dizer no e-mail")
        add_user(parser)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask the ERP and say where it went."""
        paper = Paper(options["paper"])
        with row_in_scope(Contract, options["contract"]) as contract:
            actor = user_named(options["user"], contract.agency)
            wish = Wish(
                actor=actor,
                at=clock.now(),
                email_id=options["email"],
                message=options["message"],
            )
            sent = mail_paper(contract, paper, wish)
        told = {"contract": contract.pk, "paper": paper, "email": sent.email}
        tell(self, told, f"{paper.label} enviado para {sent.email}.", as_json=options["json"])
