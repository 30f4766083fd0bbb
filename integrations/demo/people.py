"""The agencies of the demonstration and who signs in."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from cobranca.accounts import services
from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR

OURS, NEIGHBOUR = "Assessoria Demonstração", "Assessoria Vizinha"
CAST = (
    (OURS, IMPLEMENTER, "ines", "Inês Andrade"),
    (OURS, SUPERVISOR, "sueli", "Sueli Moraes"),
    (OURS, COLLECTOR, "caio", "Caio Ferreira"),
    (OURS, COLLECTOR, "otavio", "Otávio Lima"),
    (OURS, AUDITOR, "aurea", "Áurea Pinto"),
    (NEIGHBOUR, IMPLEMENTER, "nestor", "Nestor Prado"),
    (NEIGHBOUR, COLLECTOR, "nina", "Nina Rocha"),
)


@dataclass(frozen=True)
class Person:
    """Someone who signs in, with the password as printed."""

    agency: str
    role: str
    username: str
    password: str


@dataclass(frozen=True)
class Known:
    """What the last start wrote down: passwords and the API token cannot be read back."""

    passwords: dict[str, str]
    token: str

    @classmethod
    def read(cls, file: Path) -> "Known":
        """Read what is there; nothing when there is no file."""
        data: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        users = data.get("users", [])
        return cls({user["username"]: user["password"] for user in users}, data.get("token", ""))


def ensure_agency(name: str) -> Agency:
    """Return the agency called `name`, made when it is not there."""
    found = Agency.objects.filter(name=name).first()
    return found or services.save_agency(agency=Agency(name=name), actor=None)


def ensure_people(known: Known) -> list[Person]:
    """Return the cast; who is missing, or whose password nobody knows any more, gets a new one."""
    return [_ensure_person(known, *member) for member in CAST]


def _ensure_person(known: Known, agency: str, role: str, username: str, name: str) -> Person:
    user = User.objects.filter(username=username).first()
    password = known.passwords.get(username, "")
    if user is None:
        password = secrets.token_urlsafe(9)
        home = ensure_agency(agency)
        services.create_user(
            agency=home, username=username, password=password, role=role, name=name
        )
    elif not password:
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.save(update_fields=["password"])
    return Person(agency, role, username, password)


def ensure_token(known: Known) -> str:
    """Return an API token of our implementer: the one of the last start while it is good."""
    if known.token and _is_good(known.token):
        return known.token
    _, token = AuthToken.objects.create(implementer_of(OURS))
    return str(token)


def _is_good(token: str) -> bool:
    try:
        TokenAuthentication().authenticate_credentials(token.encode())
    except AuthenticationFailed:
        return False
    return True


def implementer_of(agency: str) -> User:
    """Return the first implementer of an agency."""
    group = Group.objects.get(name=IMPLEMENTER)
    return group.user_set.filter(agency__name=agency).order_by("pk")[0]
