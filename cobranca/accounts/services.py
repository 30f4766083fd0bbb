"""Changes to agencies, users and roles."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR, PERMISSIONS, ROLES, role_of
from cobranca.common import trail
from cobranca.common.documents import parse_document
from cobranca.common.errors import DomainError

USER_FIELDS = ("username", "first_name", "last_name", "email", "is_active")
AGENCY_FIELDS = ("name", "document", "state", "is_active")


def sync_roles(using: str = "default") -> None:
    """Make each role's group hold exactly its permissions; safe to repeat."""
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    for role in ROLES:
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(_permissions(PERMISSIONS[role], using))


def _permissions(names: Iterable[str], using: str) -> list[Permission]:
    wanted = Q(pk__in=[])
    for name in names:
        app_label, codename = name.split(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    return list(Permission.objects.using(using).filter(wanted))


@transaction.atomic
def create_user(
    *, agency: Agency, username: str, password: str, role: str, name: str = "", email: str = ""
) -> User:
    """Create someone of `agency` in one role; a username already taken is refused."""
    if User.objects.filter(username=username).exists():
        raise DomainError("Já existe um usuário com este nome.", "username")
    first, _, last = name.partition(" ")
    user = User(
        username=username, agency=agency, first_name=first, last_name=last, email=email.lower()
    )
    user.set_password(password)
    return save_user(user=user, role=role, actor=None)


@transaction.atomic
def save_user(*, user: User, role: str, actor: User | None) -> User:
    """Save someone with exactly one role; collectors stay out of the configuration screens.

    Nobody takes away their own access: an agency would be left without anyone to give it back.
    """
    if role not in ROLES:
        raise DomainError(f"Papel desconhecido: {role}.", "role")
    is_self = actor is not None and user.pk == actor.pk and not user.is_superuser
    if is_self and (not user.is_active or role != role_of(user)):
        raise DomainError("Você não pode desativar o próprio usuário nem mudar o próprio papel.")
    before = _seen(user)
    user.is_staff = user.is_superuser or role != COLLECTOR
    user.save()
    user.groups.set(Group.objects.filter(name=role))
    changes = trail.differences(before, _seen(user))
    if changes:
        action = "user.saved" if before else "user.created"
        trail.record(action, user, actor, agency=user.agency, changes=changes)
    return user


def _seen(user: User) -> dict[str, str]:
    """Return what the trail compares of a user; nothing for one not saved yet."""
    stored = trail.stored_snapshot(user, USER_FIELDS)
    return stored | {"papel": role_of(user)} if stored else {}


@transaction.atomic
def save_agency(*, agency: Agency, actor: User | None) -> Agency:
    """Save an agency; its name is unique in the installation."""
    before = trail.stored_snapshot(agency, AGENCY_FIELDS)
    if agency.document:
        agency.document = parse_document(agency.document)
    agency.save()
    changes = trail.differences(before, trail.snapshot(agency, AGENCY_FIELDS))
    if changes:
        action = "agency.saved" if before else "agency.created"
        trail.record(action, agency, actor, agency=agency, changes=changes)
    return agency
