"""manage.py reset_two_factor NAME [--user WHO]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cobranca.accounts import services
from cobranca.accounts.console import add_user, deciding_person
from cobranca.accounts.models import User
from cobranca.common.errors import DomainError


class Command(BaseCommand):
    help = "Tira a verificação em duas etapas de um usuário, que a configura de novo ao entrar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NOME")
        add_user(parser)

    def handle(self, *args: Any, username: str, user: str | None, **options: Any) -> None:
        found = User.objects.filter(username=username).first()
        if found is None:
            raise CommandError(f"Não há usuário chamado {username}.")
        by = deciding_person(user, found)
        try:
            had = services.reset_two_factor(user=found, actor=by)
            told = "redefinida" if had else "não estava configurada"
            self.stdout.write(
                f"Verificação em duas etapas de {username}: {told}. Sessões encerradas."
            )
        except DomainError as error:
            raise CommandError(error.message) from error
