"""SIE-23 from the command line: the second copy of an installment's boleto."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cobranca.accounts.console import add_user, row_in_scope, tell, user_named
from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.contracts.erp_mail import Wish, mail_copy
from cobranca.contracts.models import Installment
from cobranca.contracts.second_copies import IssuedCopy, issue_copy, open_copy


class Command(BaseCommand):
    help = "Emite a 2ª via do boleto de uma parcela: mostra a linha, grava o PDF ou envia."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--installment", type=int, required=True, help="código da parcela")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--pdf", metavar="ARQUIVO", help="grava o boleto neste arquivo")
        how.add_argument("--mail", action="store_true", help="o ERP envia ao e-mail do devedor")
        parser.add_argument("--email", type=int, help="e-mail do devedor; sem ele, o principal")
        add_user(parser)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask the ERP and print what came."""
        with row_in_scope(Installment, options["installment"]) as row:
            actor = user_named(options["user"], row.agency)
            if options["mail"]:
                wish = Wish(actor=actor, at=clock.now(), email_id=options["email"])
                self._mail(row, wish, options)
            else:
                self._show(self._copy(row, actor, options["pdf"]), options)

    def _mail(self, row: Installment, wish: Wish, options: dict[str, Any]) -> None:
        sent = mail_copy(row.pk, wish, on=clock.today())
        told = {"installment": row.pk, "email": sent.email}
        tell(self, told, f"Enviada para {sent.email}.", as_json=options["json"])

    def _copy(self, row: Installment, actor: User | None, pdf: str | None) -> IssuedCopy:
        if pdf is None:
            return issue_copy(row.pk, actor=actor, on=clock.today())
        copy = open_copy(row.pk, actor=actor, on=clock.today())
        Path(pdf).write_bytes(copy.pdf)
        return copy

    def _show(self, copy: IssuedCopy, options: dict[str, Any]) -> None:
        told = {
            "installment": copy.installment.pk,
            "line": copy.line,
            "shown_line": copy.shown_line,
            "amount": copy.slip.amount if copy.slip else None,
            "due_date": copy.due_date,
            "is_overdue": copy.is_overdue,
            "problem": copy.problem,
            "sms": copy.sms,
        }
        sentence = f"{copy.shown_line}\n{copy.problem or copy.sms}".strip()
        tell(self, told, sentence, as_json=options["json"])
