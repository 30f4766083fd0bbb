"""Goals of a month with what was really done of each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q

from cobranca.accounts.models import User
from cobranca.telecobranca.figures import Figures, figures_between
from cobranca.telecobranca.models import Goal, GoalMetric

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class GoalLine:
    """A goal, and what was done of it."""

    goal: Goal
    done: Decimal

    @property
    def percent(self) -> int:
        """How much of it is done, in whole percents, rounded down: 100 is reached, 99 is not."""
        return int((self.done * HUNDRED / self.goal.amount).quantize(Decimal(1), ROUND_DOWN))

    @property
    def bar(self) -> int:
        """The same as a bar shows it."""
        return max(0, min(self.percent, 100))

    @property
    def is_reached(self) -> bool:
        return self.done >= self.goal.amount

    @property
    def is_money(self) -> bool:
        return self.goal.metric == GoalMetric.RECOVERED

    @property
    def whose(self) -> str:
        return str(self.goal.team or self.goal.collector)


def goals_in(month: date, office: Collection[int] | None = None) -> list[Goal]:
    """Return the goals of a month, teams first, with names: all, or those of an office's teams."""
    found = Goal.objects.filter(month=month.replace(day=1)).select_related("team", "collector")
    if office is not None:
        found = found.filter(Q(team__in=office) | Q(collector__team__in=office))
    return sorted(found, key=lambda goal: (goal.team is None, str(goal.team or goal.collector)))


def goal_lines(
    agency_id: int, month: date, on: date, office: Collection[int] | None = None
) -> list[GoalLine]:
    """Return a month's goals with what was done until `on`: three queries."""
    first = month.replace(day=1)
    goals = goals_in(first, office)
    if not goals or first > on:
        return [GoalLine(goal, Decimal(0)) for goal in goals]
    figures = figures_between(agency_id, first, min(on, last_of(first)))
    return lines_of(goals, figures, members(agency_id))


def lines_of(
    goals: list[Goal], figures: Figures, people: dict[int | None, list[int]]
) -> list[GoalLine]:
    """Return each goal with what its person, or the people of its team, did."""
    return [GoalLine(goal, figures.of(_whose(goal, people), goal.metric)) for goal in goals]


def _whose(goal: Goal, people: dict[int | None, list[int]]) -> list[int]:
    if goal.team_id is not None:
        return people.get(goal.team_id, [])
    return [goal.collector_id] if goal.collector_id else []


def members(agency_id: int) -> dict[int | None, list[int]]:
    """Return who works in which team, by keys."""
    teams: dict[int | None, list[int]] = defaultdict(list)
    people = User.objects.filter(agency=agency_id).order_by()
    for team, person in people.values_list("team_id", "pk"):
        teams[team].append(person)
    return teams


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_after(month: date, step: int) -> date:
    """Return the first day of the month `step` months later, or earlier."""
    place = month.year * 12 + month.month - 1 + step
    return date(place // 12, place % 12 + 1, 1)
