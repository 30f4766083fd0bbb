"""Teams and external offices: who works in them, and what becomes of their debtors."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from cobranca.accounts.models import Team, TeamKind, User
from cobranca.accounts.roles import AUDITOR, IMPLEMENTER, role_of
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.documents import parse_document
from cobranca.common.errors import DomainError
from cobranca.telecobranca.distribution import Criteria, Plan, Target, preview, team_loads
from cobranca.telecobranca.models import ContractAssignment, DistributionMode
from cobranca.telecobranca.services.distributing import distribute, lock_assignments
from cobranca.telecobranca.services.handing import hand_reminders

FIELDS = ("name", "kind", "document", "supervisor", "is_active")
SUPERVISES = "accounts.view_board"
# Roles whose work is the whole agency's.
HOUSE = (IMPLEMENTER, AUDITOR)
CNPJ_DIGITS = 14
KIND = "tipo"  # as the trail calls it


@transaction.atomic
def save_team(*, team: Team, actor: User) -> Team:
    """Create or change a team; an external office is known by its CNPJ."""
    team.name = team.name.strip()
    _check(team)
    before = trail.stored_snapshot(team, FIELDS)
    team.save()
    changes = trail.differences(before, trail.snapshot(team, FIELDS))
    if changes:
        action = "team.saved" if before else "team.created"
        log_action(action, team, actor, agency=team.agency, changes=changes)
    if before and KIND in changes:
        # Its people open fewer debtors now, or more.
        lock_assignments(team.agency_id)
        hand_reminders(team.agency_id)
    return team


def _check(team: Team) -> None:
    if not team.name:
        raise DomainError("Dê um nome à equipe.", "name")
    same = Team.objects.filter(agency=team.agency, name__iexact=team.name).exclude(pk=team.pk)
    if same.exists():
        raise DomainError("Já existe uma equipe com este nome.", "name")
    if team.document:
        team.document = parse_document(team.document)
        if len(team.document) != CNPJ_DIGITS:
            raise DomainError("Informe um CNPJ, não um CPF.", "document")
    elif team.kind == TeamKind.EXTERNAL:
        raise DomainError("Informe o CNPJ do escritório.", "document")
    boss = team.supervisor
    if boss and (boss.agency_id != team.agency_id or not boss.has_perm(SUPERVISES)):
        raise DomainError("Escolha um supervisor da assessoria.", "supervisor")


@transaction.atomic
def set_members(*, team: Team, member_ids: Collection[int], actor: User) -> None:
    """Make exactly these people the members; who leaves gives their debtors back to the team.

    Somebody works in one team: who comes leaves the one they were in.
    """
    lock_assignments(team.agency_id)
    people = User.objects.filter(agency=team.agency_id)
    coming = list(people.select_for_update(no_key=True).filter(pk__in=member_ids).order_by("pk"))
    if len(coming) != len(set(member_ids)):
        raise DomainError("Há alguém que não é da assessoria.", "members")
    if team.kind == TeamKind.EXTERNAL and any(role_of(person) in HOUSE for person in coming):
        raise DomainError(
            "Num escritório terceirizado trabalham cobradores e supervisores: os demais papéis "
            "cuidam da assessoria toda.",
            "members",
        )
    before = {person.pk: person for person in people.filter(team=team)}
    after = {person.pk: person for person in coming}
    moved = [person for key, person in after.items() if key not in before]
    _release_debtors([*(before.keys() - after.keys()), *(person.pk for person in moved)])
    people.filter(pk__in=before.keys() - after.keys()).update(team=None)
    people.filter(pk__in=[person.pk for person in moved]).update(team=team)
    if before.keys() != after.keys():
        changes = {"pessoas": [_names(before.values()), _names(after.values())]}
        log_action("team.members_set", team, actor, agency=team.agency, changes=changes)
        hand_reminders(team.agency_id)


def _release_debtors(people: Collection[int]) -> None:
    """Leave the debtors of people who change teams to the team alone."""
    ContractAssignment.objects.filter(collector__in=people).update(collector=None)


def _names(people: Collection[User]) -> str:
    return ", ".join(sorted(str(person) for person in people)) or trail.EMPTY


@transaction.atomic
def close_team(
    *,
    team: Team,
    actor: User,
    on: date,
    at: datetime,
    destination: Team | None = None,
    to_nobody: bool = False,
) -> Team:
    """Deactivate a team; what it works goes to `destination` or, if told, back to nobody.

    Without either, DomainError while it works any contract.
    """
    lock_assignments(team.agency_id)
    number = team_loads().get(team.pk, 0)
    if number and destination is None and not to_nobody:
        contracts = "1 contrato" if number == 1 else f"{number} contratos"
        raise DomainError(
            f"A equipe ainda trabalha {contracts}: escolha para onde vão.", "destination"
        )
    if destination is not None and destination.pk == team.pk:
        raise DomainError("Escolha outra equipe.", "destination")
    _hand_over(team, destination, actor, on, at)
    team.is_active = False
    return save_team(team=team, actor=actor)


def _hand_over(team: Team, destination: Team | None, actor: User, on: date, at: datetime) -> None:
    asked = Criteria(only_undistributed=False, team=team)
    targets = (Target(destination),) if destination else ()
    plan = Plan(asked, DistributionMode.MOVE, targets)
    seen = preview(team.agency_id, plan, on)
    if seen.contracts:
        distribute(agency=team.agency, plan=plan, digest=seen.digest, actor=actor, on=on, at=at)


@transaction.atomic
def reopen_team(*, team: Team, actor: User) -> Team:
    """Put a team back to work; its debtors do not come back by themselves."""
    team.is_active = True
    return save_team(team=team, actor=actor)
