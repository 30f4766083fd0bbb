"""The supervisor's live board: who is at work on whom, what the day brought, what waits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from cobranca.accounts.models import Team, TeamKind, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.debtors.sight import seen
from cobranca.telecobranca.board_lists import Asked, counts_of
from cobranca.telecobranca.figures import Figures, day_bounds, figures_between
from cobranca.telecobranca.goals import GoalLine, goals_in, lines_of
from cobranca.telecobranca.models import GoalMetric, QueueEntry, WorkQueue

# Somebody with a debtor before them and no sign of life for so long is stuck, or away.
IDLE_AFTER = timedelta(minutes=5)

_COUNTS = """
SELECT (SELECT count(*) FROM dunning_contactattempt
        WHERE agency_id = %(agency)s AND NOT is_allowed
          AND at >= %(start)s AND at < %(end)s),
       (SELECT count(*) FROM dunning_callback
        WHERE agency_id = %(agency)s AND status = 'waiting' AND at < %(now)s),
       (SELECT count(*) FROM dunning_promise
        WHERE agency_id = %(agency)s AND status = 'open' AND promised_on = %(on)s),
       (SELECT count(*) FROM dunning_promise
        WHERE agency_id = %(agency)s AND status = 'open' AND promised_on < %(on)s)
"""


@dataclass(frozen=True)
class Hold:
    """A debtor that somebody has before them."""

    debtor: Any
    since: datetime | None
    until: datetime
    # When they last gave a sign of life.
    active_at: datetime

    def idle(self, at: datetime) -> timedelta | None:
        """Return for how long nothing was done; None while it is not worth saying."""
        passed = at - self.active_at
        return passed if passed >= IDLE_AFTER else None


@dataclass(frozen=True)
class PersonLine:
    """One collector: what they do now, did today, and the month's money against the goal."""

    user: User
    hold: Hold | None
    idle: timedelta | None
    last_contact_at: datetime | None
    today: dict[str, Decimal]
    month: Decimal
    goal: GoalLine | None


@dataclass(frozen=True)
class TeamLine:
    """A team, its people and its own goal; None are those without a team."""

    team: Team | None
    people: list[PersonLine]
    today: dict[str, Decimal]
    goal: GoalLine | None

    @property
    def is_external(self) -> bool:
        return self.team is not None and self.team.kind == TeamKind.EXTERNAL

    @property
    def at_work(self) -> int:
        """How many have a debtor before them."""
        return sum(1 for line in self.people if line.hold)


@dataclass(frozen=True)
class QueueLine:
    """A queue: who may be drawn now, who is held, who comes back later."""

    queue: WorkQueue
    waiting: int
    held: int
    later: int


@dataclass(frozen=True)
class Board:
    """Everything at one instant."""

    at: datetime
    teams: list[TeamLine]
    queues: list[QueueLine]
    today: dict[str, Decimal]
    refused: int
    callbacks_late: int
    promises_due: int
    promises_late: int
    at_work: int = field(default=0)


def board_of(
    agency_id: int, on: date, at: datetime, office: Collection[int] | None = None
) -> Board:
    """Return the board: nine queries, whatever the number of people and debtors.

    An office's (its teams are told) counts the work of its people alone, and what waits of the
    debtors whom whoever looks may open.
    """
    figures = figures_between(agency_id, on.replace(day=1), on)
    holds = _holds(at)
    people = _people(agency_id, {*figures.busy, *holds}, office)
    if office is not None:
        theirs = {user.pk for user in people}
        figures = figures.only(theirs)
        holds = {person: hold for person, hold in holds.items() if person in theirs}
    by_team: dict[int | None, list[User]] = defaultdict(list)
    for user in people:
        by_team[user.team_id].append(user)
    goals = [goal for goal in goals_in(on, office) if goal.metric == GoalMetric.RECOVERED]
    keys = {team: [user.pk for user in users] for team, users in by_team.items()}
    of_team, of_person = _goals(lines_of(goals, figures, keys))
    teams = [
        _team_line(
            team,
            [_person_line(user, holds, figures, of_person, at) for user in by_team[key]],
            of_team.get(key),
        )
        for key, team in _teams(by_team, office)
    ]
    refused, callbacks, due, late = (
        _counts(agency_id, on, at) if office is None else counts_of(Asked(on, at, office=office))
    )
    return Board(at, teams, _queues(at), figures.today(), refused, callbacks, due, late, len(holds))


def _holds(at: datetime) -> dict[int, Hold]:
    """Return what each person holds now; should they hold two, the one they took last."""
    held = seen(QueueEntry.objects.filter(held_by__isnull=False, held_until__gt=at), "debtor")
    rows: Iterable[Any] = held.select_related("debtor", "queue").order_by("held_at", "pk")
    return {
        row.held_by_id: Hold(
            row.debtor,
            row.held_at,
            row.held_until,
            row.held_until - timedelta(minutes=row.queue.idle_minutes),
        )
        for row in rows
    }


def _people(agency_id: int, busy: set[int], office: Collection[int] | None) -> Sequence[User]:
    """Return who is expected at work, and whoever else was."""
    collectors = User.objects.filter(groups__name=COLLECTOR).values("pk").order_by()
    expected = Q(is_active=True) & (Q(pk__in=collectors) | Q(team__isnull=False))
    found = User.objects.filter(expected | Q(pk__in=busy), agency=agency_id)
    found = found if office is None else found.filter(team__in=office)
    return sorted(found, key=lambda user: str(user).casefold())


def _teams(
    by_team: dict[int | None, list[User]], office: Collection[int] | None
) -> list[tuple[int | None, Team | None]]:
    """Return the active teams and those whose people are on the board, those without one last."""
    keys = [key for key in by_team if key is not None]
    teams = Team.objects.filter(Q(is_active=True) | Q(pk__in=keys)).order_by("kind", "name")
    teams = teams if office is None else teams.filter(pk__in=office)
    ordered = sorted(teams, key=lambda team: (team.kind == TeamKind.EXTERNAL, team.name.casefold()))
    lines: list[tuple[int | None, Team | None]] = [(team.pk, team) for team in ordered]
    return [*lines, (None, None)] if None in by_team else lines


def _goals(lines: list[GoalLine]) -> tuple[dict[int | None, GoalLine], dict[int, GoalLine]]:
    of_team = {line.goal.team_id: line for line in lines if line.goal.team_id is not None}
    of_person = {line.goal.collector_id: line for line in lines if line.goal.collector_id}
    return of_team, of_person  # type: ignore[return-value]


def _person_line(
    user: User,
    holds: dict[int, Hold],
    figures: Figures,
    goals: dict[int, GoalLine],
    at: datetime,
) -> PersonLine:
    hold = holds.get(user.pk)
    return PersonLine(
        user,
        hold,
        hold.idle(at) if hold else None,
        figures.last_contact.get(user.pk),
        figures.today_of(user.pk),
        figures.of([user.pk], GoalMetric.RECOVERED),
        goals.get(user.pk),
    )


def _team_line(team: Team | None, people: list[PersonLine], goal: GoalLine | None) -> TeamLine:
    today = {
        metric: sum((line.today[metric] for line in people), Decimal(0))
        for metric in GoalMetric.values
    }
    return TeamLine(team, people, today, goal)


def _queues(at: datetime) -> list[QueueLine]:
    """Return each queue with its counts; an inactive one only while somebody is in it."""
    held = Q(held_by__isnull=False, held_until__gt=at)
    rows = (
        seen(QueueEntry.objects.all(), "debtor")
        .values_list("queue")
        .annotate(
            waiting=Count("pk", filter=Q(available_at__lte=at) & ~held),
            held=Count("pk", filter=held),
            later=Count("pk", filter=Q(available_at__gt=at) & ~held),
        )
    )
    counts = {queue: numbers for queue, *numbers in rows.order_by()}
    return [
        QueueLine(queue, *counts.get(queue.pk, (0, 0, 0)))
        for queue in WorkQueue.objects.order_by("position", "pk")
        if queue.is_active or queue.pk in counts
    ]


def _counts(agency_id: int, on: date, at: datetime) -> tuple[int, int, int, int]:
    start, end = day_bounds(on)
    values: dict[str, Any] = {"agency": agency_id, "on": on, "now": at, "start": start, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        refused, callbacks, due, late = cursor.fetchone()
    return refused, callbacks, due, late
