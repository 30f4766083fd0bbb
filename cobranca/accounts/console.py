"""What commands about one row share: whose it is, who decides, and how the answer is told.

Who may run `manage.py` may do all of it; `--user` says in whose name a decision is written down.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django_scopes import scope, scopes_disabled

from cobranca.accounts.models import Agency, User
from cobranca.common.errors import DomainError

Row = TypeVar("Row", bound=Model)


@contextmanager
def row_in_scope(model: type[Row], pk: int) -> Iterator[Row]:
    """Hand out a row within the scope of its agency; a refusal becomes the command's error."""
    with scopes_disabled():
        row = model._default_manager.select_related("agency").filter(pk=pk).first()
    if row is None:
        raise CommandError(f"{str(model._meta.verbose_name).capitalize()} {pk} não existe.")
    agency: Agency = row.agency  # type: ignore[attr-defined]  # every table but two has one
    with scope(agency=agency):
        try:
            yield row
        except DomainError as error:
            raise CommandError(error.message) from error


def add_user(parser: ArgumentParser, *, required: bool = False) -> None:
    """Declare `--user`."""
    parser.add_argument("--user", required=required, metavar="NOME", help="em nome de quem")


def user_named(username: str | None, agency: Agency) -> User | None:
    """Return the active user of an agency in whose name a command acts; None for no name."""
    if username is None:
        return None
    found = User.objects.filter(username=username, agency=agency, is_active=True).first()
    if found is None:
        raise CommandError(f"Não há usuário ativo chamado {username} nesta assessoria.")
    return found


def person(username: str, agency: Agency) -> User:
    """Return who decides: a decision has a name."""
    found = user_named(username, agency)
    if found is None:
        raise CommandError("Diga em nome de quem: --user NOME.")
    return found


def deciding_person(username: str | None, about: User) -> User | None:
    """Return in whose name something is done to someone: their agency's people, or the operator
    at the machine (None)."""
    if username is None or about.agency is None:
        return None
    return user_named(username, about.agency)


def tell(command: BaseCommand, told: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print a sentence for people, or what it is made of for scripts."""
    machine = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False)
    command.stdout.write(machine if as_json else sentence)
