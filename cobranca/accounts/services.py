"""Changes to agencies, users and roles."""

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from knox.models import AuthToken

from cobranca.accounts.furnishing import furnish
from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import COLLECTOR, PERMISSIONS, ROLES, role_of
from cobranca.accounts.sessions import end_sessions
from cobranca.common import trail
from cobranca.common.documents import parse_document
from cobranca.common.errors import DomainError

USER_FIELDS = ("username", "first_name", "last_name", "email", "is_active")
AGENCY_FIELDS = ("name", "document", "state", "is_active")


def sync_roles(using: str = "default") -> None:
    """Make each role's group hold exactly its permissions; safe to repeat."""
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    permissions = Permission.objects.using(using).values_list(
        "content_type__app_label", "codename", "pk"
    )
    known = {f"{room}.{action}": pk for room, action, pk in permissions}
    for role in ROLES:
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([known[name] for name in PERMISSIONS[role] if name in known])


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
    if not before:
        furnish(agency)
    return agency


@transaction.atomic
def reset_two_factor(*, user: User, actor: User | None) -> bool:
    """Take someone's second factor and recovery codes away, and end their sessions; they set it
    up anew at the next sign-in. Return whether there was one.

    Nobody does it to themselves: who still has the factor removes it by showing it.
    """
    if actor is not None and actor.pk == user.pk:
        raise DomainError("Peça a outra pessoa: ninguém redefine a própria verificação.")
    forgotten, _ = Authenticator.objects.filter(user=user).delete()
    changes = {"duas etapas": ["Configurada" if forgotten else "Não configurada", trail.EMPTY]}
    trail.record("user.two_factor_reset", user, actor, agency=user.agency, changes=changes)
    end_sessions(user)
    return bool(forgotten)


@transaction.atomic
def set_password(*, user: User, password: str, actor: User | None) -> None:
    """Give someone a password that was checked, and end their sessions."""
    user.set_password(password)
    user.save(update_fields=["password"])
    changes = {"senha": trail.SECRET_CHANGED}
    trail.record("user.password_changed", user, actor, agency=user.agency, changes=changes)
    end_sessions(user)


@transaction.atomic
def close_sessions(*, user: User, actor: User | None) -> int:
    """End every session of someone; return how many there were."""
    ended = end_sessions(user)
    changes = {"sessões encerradas": str(ended)}
    trail.record("user.sessions_closed", user, actor, agency=user.agency, changes=changes)
    return ended


@transaction.atomic
def create_token(*, user: User, actor: User | None) -> str:
    """Return a new API token of someone; it cannot be read again."""
    _, token = AuthToken.objects.create(user)
    trail.record("user.token_created", user, actor, agency=user.agency)
    return str(token)
