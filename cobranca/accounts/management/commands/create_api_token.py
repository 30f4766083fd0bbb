"""manage.py create_api_token --user NAME"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cobranca.accounts import services, two_factor
from cobranca.accounts.models import User


class Command(BaseCommand):
    help = "Cria um token da API para um usuário e o imprime: ele não pode ser lido de novo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="NOME")
        parser.add_argument(
            "--integration",
            action="store_true",
            help="usuário de um programa, que não entra pelas telas: dispensa as duas etapas",
        )

    def handle(self, *args: Any, user: str, integration: bool, **options: Any) -> None:
        found = User.objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"Não há usuário ativo chamado {user}.")
        if integration and found.last_login is not None:
            raise CommandError(f"{user} entra pelas telas: não é usuário de um programa.")
        if (
            not integration
            and two_factor.is_required_of(found)
            and not two_factor.has_factor(found)
        ):
            raise CommandError(
                f"{user} precisa antes configurar a verificação em duas etapas (Minha conta)."
            )
        self.stdout.write(services.create_token(user=found, actor=None))
