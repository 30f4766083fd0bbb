"""manage.py create_api_token --user NAME"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import AuthToken

from cobranca.accounts.models import User


class Command(BaseCommand):
    help = "Cria um token da API para um usuário e o imprime: ele não pode ser lido de novo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="NOME")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        found = User.objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"Não há usuário ativo chamado {user}.")
        _, token = AuthToken.objects.create(found)
        self.stdout.write(token)
