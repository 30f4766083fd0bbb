"""Two teams of the demonstration, what they work, and what is expected of them this month."""

from datetime import date, datetime
from decimal import Decimal

from cobranca.accounts.models import Agency, Team, TeamKind, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.telecobranca.distribution import Criteria, Plan, Target, preview
from cobranca.telecobranca.models import ContractAssignment, DistributionMode, Goal, GoalMetric
from cobranca.telecobranca.services.distributing import distribute
from cobranca.telecobranca.services.goals import copy_goals, save_goal
from cobranca.telecobranca.services.teams import save_team, set_members

HOUSE, OFFICE = "Equipe própria", "Escritório Litoral"
OFFICE_CNPJ = "11222333000181"
# Who works there, and opens only what is distributed to it.
OUTSIDE = ("otavio",)
# The house keeps two thirds.
PARTS = {HOUSE: Decimal(65), OFFICE: Decimal(35)}
GOALS = (
    (GoalMetric.RECOVERED, Decimal(50_000)),
    (GoalMetric.CONTACTS, Decimal(400)),
    (GoalMetric.AGREEMENTS, Decimal(20)),
)


def ensure_teams(agency: Agency, actor: User, *, on: date, at: datetime) -> None:
    """Give an agency its teams, distribute the portfolio once, and expect something."""
    if not Team.objects.exists():
        _make_teams(agency, actor)
        _distribute(agency, actor, on, at)
    if not Goal.objects.filter(month=on.replace(day=1)).exists():
        _expect(agency, actor, on)


def _make_teams(agency: Agency, actor: User) -> None:
    house = Team(agency=agency, name=HOUSE, supervisor=actor)
    office = Team(agency=agency, name=OFFICE, kind=TeamKind.EXTERNAL, document=OFFICE_CNPJ)
    people = User.objects.filter(agency=agency, groups__name=COLLECTOR, is_active=True)
    outside = people.filter(username__in=OUTSIDE)
    for team, members in ((house, people.exclude(pk__in=outside)), (office, outside)):
        save_team(team=team, actor=actor)
        keys = list(members.values_list("pk", flat=True))
        set_members(team=team, member_ids=keys, actor=actor)


def _distribute(agency: Agency, actor: User, on: date, at: datetime) -> None:
    if ContractAssignment.objects.exists():
        return
    teams = {team.name: team for team in Team.objects.all()}
    targets = tuple(Target(teams[name], percent=part) for name, part in PARTS.items())
    plan = Plan(Criteria(), DistributionMode.PERCENT, targets)
    seen = preview(agency.pk, plan, on)
    if seen.contracts:
        distribute(agency=agency, plan=plan, digest=seen.digest, actor=actor, on=on, at=at)


def _expect(agency: Agency, actor: User, on: date) -> None:
    """Expect what was expected last month; at the first start, something."""
    if copy_goals(agency=agency, month=on, actor=actor):
        return
    house = Team.objects.filter(name=HOUSE).first()
    if house is None:
        return
    for metric, amount in GOALS:
        goal = Goal(agency=agency, team=house, month=on, metric=metric, amount=amount)
        save_goal(goal=goal, actor=actor)
