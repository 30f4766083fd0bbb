"""What is expected of teams and collectors in a month."""

from datetime import date, timedelta

from django.db import connection, transaction

from cobranca.accounts.models import Agency, User
from cobranca.audit.services import log_action
from cobranca.common import trail
from cobranca.common.errors import DomainError
from cobranca.telecobranca.models import Goal, GoalMetric

FIELDS = ("team", "collector", "month", "metric", "amount")
MONEY = {GoalMetric.RECOVERED}

COPY = """
INSERT INTO telecobranca_goal (agency_id, team_id, collector_id, month, metric, amount)
SELECT g.agency_id, g.team_id, g.collector_id, %(month)s, g.metric, g.amount
FROM telecobranca_goal g
LEFT JOIN accounts_team t ON t.id = g.team_id
LEFT JOIN accounts_user u ON u.id = g.collector_id
WHERE g.agency_id = %(agency)s AND g.month = %(last)s
  AND coalesce(t.is_active, u.is_active)
ON CONFLICT (agency_id, team_id, collector_id, month, metric) DO NOTHING
"""


@transaction.atomic
def save_goal(*, goal: Goal, actor: User) -> Goal:
    """Create or change a goal of a team or of one collector, for a month."""
    goal.month = goal.month.replace(day=1)
    _check(goal)
    before = trail.stored_snapshot(goal, FIELDS)
    goal.save()
    changes = trail.differences(before, trail.snapshot(goal, FIELDS))
    if changes:
        action = "goal.saved" if before else "goal.created"
        log_action(action, goal, actor, agency=goal.agency, changes=changes)
    return goal


def _check(goal: Goal) -> None:
    if (goal.team is None) == (goal.collector is None):
        raise DomainError("A meta é de uma equipe ou de um cobrador: escolha um.", "team")
    if goal.collector and goal.collector.agency_id != goal.agency_id:
        raise DomainError("O cobrador não é da assessoria.", "collector")
    if goal.amount <= 0:
        raise DomainError("A meta precisa ser maior que zero.", "amount")
    if goal.metric not in MONEY and goal.amount != goal.amount.to_integral_value():
        raise DomainError("Esta medida conta inteiros.", "amount")
    same = Goal.objects.filter(
        team=goal.team, collector=goal.collector, month=goal.month, metric=goal.metric
    )
    if same.exclude(pk=goal.pk).exists():
        raise DomainError("Já existe uma meta desta medida para este mês.", "metric")


@transaction.atomic
def delete_goal(*, goal: Goal, actor: User) -> None:
    """Take a goal back."""
    told = trail.snapshot(goal, FIELDS)
    changes = {label: [value, trail.EMPTY] for label, value in told.items()}
    log_action("goal.deleted", goal, actor, agency=goal.agency, changes=changes)
    goal.delete()


@transaction.atomic
def copy_goals(*, agency: Agency, month: date, actor: User) -> int:
    """Repeat last month's goals in `month`, but for those told already; return how many.

    Of teams and collectors that are no longer active nothing is expected.
    """
    month = month.replace(day=1)
    last = (month - timedelta(days=1)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(COPY, {"agency": agency.pk, "month": month, "last": last})
        copied = cursor.rowcount
    if copied:
        changes = {"mês": [f"{last:%m/%Y}", f"{month:%m/%Y}"], "metas": ["", str(copied)]}
        log_action("goals.copied", agency, actor, agency=agency, changes=changes)
    return copied
