"""Who works whom: what a distribution would do, and which debtors an external office may open.

The debtor is the unit. All contracts of one go to one team, so that nobody is called by two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from cobranca.accounts.models import Team, TeamKind, User
from cobranca.calc.money import ZERO
from cobranca.calc.sharing import quotas
from cobranca.calc.words import reais
from cobranca.common.errors import DomainError
from cobranca.contracts.states import ContractStatus
from cobranca.creditors.models import Branch, Creditor
from cobranca.telecobranca import distribution_sql as sql
from cobranca.telecobranca.models import ContractAssignment, Distribution, DistributionMode

AnyRow = TypeVar("AnyRow", bound=Model)
HUNDRED = Decimal(100)
MOST_TARGETS = 200
HISTORY = 20


@dataclass(frozen=True)
class Criteria:
    """Which debtors: any with a contract in force that meets what is told."""

    creditor: Creditor | None = None
    branch: Branch | None = None
    min_days_late: int | None = None
    max_days_late: int | None = None
    min_total: Decimal | None = None
    max_total: Decimal | None = None
    only_undistributed: bool = True
    # Only who is with this team now.
    team: Team | None = None

    def shown(self) -> dict[str, str]:
        """Return what was asked as the history shows it."""
        told = {
            "Credor": self.creditor,
            "Filial": self.branch,
            "Atraso mínimo (dias)": self.min_days_late,
            "Atraso máximo (dias)": self.max_days_late,
            "Total mínimo": None if self.min_total is None else reais(self.min_total),
            "Total máximo": None if self.max_total is None else reais(self.max_total),
            "Hoje com a equipe": self.team,
        }
        whole = "Sem equipe" if self.only_undistributed else "Todos"
        return {"Devedores": whole} | {k: str(v) for k, v in told.items() if v is not None}


@dataclass(frozen=True)
class Target:
    """A team, or one collector of it, and its part in a hundred when parts differ."""

    team: Team
    collector: User | None = None
    percent: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.collector} ({self.team})" if self.collector else str(self.team)


@dataclass(frozen=True)
class Plan:
    """What a supervisor wants: of whom, how, to whom."""

    criteria: Criteria
    mode: str
    targets: tuple[Target, ...] = ()

    def check(self) -> None:
        """Raise DomainError unless the parts make sense together."""
        if self.mode == DistributionMode.MOVE:
            return _check_targets(self.targets) if self.targets else None
        if self.criteria.only_undistributed and self.criteria.team:
            raise DomainError("Quem está com uma equipe não está sem equipe: escolha um.", "team")
        if self.mode == DistributionMode.NOBODY:
            return self._check_giving_back()
        _check_targets(self.targets)
        if self.mode == DistributionMode.ONE and len(self.targets) != 1:
            raise DomainError("Escolha exatamente um destino.", "targets")
        if self.mode == DistributionMode.PERCENT:
            _check_percents([target.percent for target in self.targets])

    def _check_giving_back(self) -> None:
        if self.targets:
            raise DomainError("Para devolver à carteira, não escolha destinos.", "targets")
        if self.criteria.only_undistributed:
            raise DomainError("Quem já está sem equipe não tem de onde sair.", "mode")

    @property
    def weights(self) -> list[Decimal]:
        """What each target gets of the whole, as weights."""
        if self.mode == DistributionMode.PERCENT:
            return [target.percent or ZERO for target in self.targets]
        return [Decimal(1)] * len(self.targets)


def _check_targets(targets: Sequence[Target]) -> None:
    if not targets:
        raise DomainError("Escolha para quem distribuir.", "targets")
    if len(targets) > MOST_TARGETS:
        raise DomainError(f"São no máximo {MOST_TARGETS} destinos por vez.", "targets")
    for target in targets:
        if not target.team.is_active:
            raise DomainError(f"A equipe “{target.team}” está inativa.", "targets")
        member = target.collector
        if member and (member.team_id != target.team.pk or not member.is_active):
            raise DomainError(f"“{member}” não trabalha na equipe “{target.team}”.", "targets")
    keys = {(target.team.pk, target.collector and target.collector.pk) for target in targets}
    if len(keys) < len(targets):
        raise DomainError("O mesmo destino está duas vezes.", "targets")


def _check_percents(percents: Sequence[Decimal | None]) -> None:
    if any(percent is None or percent <= 0 for percent in percents):
        raise DomainError("Informe o percentual de cada destino escolhido.", "targets")
    total = sum((percent or ZERO for percent in percents), ZERO)
    if total != HUNDRED:
        shown = f"{total.normalize():f}".replace(".", ",")
        raise DomainError(f"Os percentuais somam {shown} %: precisam somar 100 %.", "targets")


@dataclass(frozen=True)
class Share:
    """What one target would get."""

    target: Target | None
    debtors: int
    contracts: int
    total: Decimal
    largest: Decimal

    def shown(self) -> dict[str, Any]:
        """Return it as the history keeps it."""
        return {
            "team": self.target.team.pk if self.target else None,
            "collector": self.target.collector.pk
            if self.target and self.target.collector
            else None,
            "label": str(self.target) if self.target else "Sem equipe",
            "debtors": self.debtors,
            "contracts": self.contracts,
            "total": str(self.total),
        }


@dataclass(frozen=True)
class Preview:
    """What a plan would do now; `digest` tells who would go where, to apply just that."""

    shares: list[Share]
    digest: str

    @property
    def debtors(self) -> int:
        return sum(share.debtors for share in self.shares)

    @property
    def contracts(self) -> int:
        """How many contracts change hands."""
        return sum(share.contracts for share in self.shares)

    @property
    def total(self) -> Decimal:
        return sum((share.total for share in self.shares), ZERO)


def preview(agency_id: int, plan: Plan, on: date) -> Preview:
    """Return what a plan would do if applied now: two queries, nothing written."""
    plan.check()
    values = parameters(agency_id, plan, on)
    with connection.cursor() as cursor:
        cursor.execute(sql.shares(*parts_of(plan)), values)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    targets: dict[int, Target | None] = dict(enumerate(plan.targets, start=1)) or {0: None}
    empty = (0, 0, ZERO, ZERO, 0)
    found = [(target, rows.get(index, empty)) for index, target in targets.items()]
    marks = [
        (target and target.team.pk, target and target.collector and target.collector.pk, row[4])
        for target, row in found
    ]
    return Preview(
        [Share(target, *row[:4]) for target, row in found],
        sha256(repr([(t, c, int(mark)) for t, c, mark in marks]).encode()).hexdigest(),
    )


def parts_of(plan: Plan) -> tuple[str, str]:
    """Return the parts of the statement that say which debtors, and who gets whom."""
    chosen = sql.OF_TEAM if plan.mode == DistributionMode.MOVE else sql.CHOSEN
    return chosen, sql.PLACED if plan.targets else sql.NOBODYS


def parameters(agency_id: int, plan: Plan, on: date) -> dict[str, Any]:
    """Return the values of the statements; counts the debtors, to say how many each gets."""
    asked = plan.criteria
    values: dict[str, Any] = {
        "agency": agency_id,
        "latest_due": _days_before(on, asked.min_days_late),
        "earliest_due": _days_before(on, asked.max_days_late),
        "min_total": asked.min_total,
        "max_total": asked.max_total,
        "creditor": asked.creditor and asked.creditor.pk,
        "branch": asked.branch and asked.branch.pk,
        "undistributed": asked.only_undistributed,
        "team": asked.team and asked.team.pk,
        "even": plan.mode != DistributionMode.PERCENT,
        "teams": [target.team.pk for target in plan.targets],
        "collectors": [target.collector and target.collector.pk for target in plan.targets],
        "quotas": [],
    }
    if plan.targets:
        values["quotas"] = quotas(_count(plan, values), plan.weights)
    return values


def _days_before(on: date, days: int | None) -> date | None:
    return None if days is None else on - timedelta(days=days)


def _count(plan: Plan, values: dict[str, Any]) -> int:
    chosen, _ = parts_of(plan)
    with connection.cursor() as cursor:
        cursor.execute(sql.count(chosen), values)
        return int(cursor.fetchone()[0])


def distributions() -> QuerySet[Distribution]:
    """Return the agency's distributions, newest first."""
    return Distribution.objects.select_related("made_by", "undone_by").order_by("-pk")


def latest_undoable() -> Distribution | None:
    """Return the one that may be undone: the newest that stands."""
    return distributions().filter(undone_at__isnull=True).first()


def team_of(user: User) -> Team | None:
    """Return the team that somebody works in."""
    return user.team


def office_of(actor: User) -> frozenset[int] | None:
    """Return the teams whose work somebody of an external office sees; None: the whole agency's.

    Their own, and any external one that they supervise.
    """
    if not is_external(actor):
        return None
    led = Team.objects.filter(supervisor=actor, kind=TeamKind.EXTERNAL)
    own = Team.objects.filter(members=actor)
    return frozenset([*own.values_list("pk", flat=True), *led.values_list("pk", flat=True)])


def seen_by(rows: QuerySet[AnyRow], actor: User, debtor: str = "pk") -> QuerySet[AnyRow]:
    """Narrow rows to what `actor` may open: people of an external office, their teams' debtors.

    `debtor` is the path from a row to its debtor's key. Costs no query: it becomes a condition of
    the one that is made anyway, and none at all for people without a team.
    """
    if actor.team_id is None:
        return rows
    external = Team.objects.filter(pk=actor.team_id, kind=TeamKind.EXTERNAL)
    teams = Q(team=actor.team_id) | Q(team__supervisor=actor.pk, team__kind=TeamKind.EXTERNAL)
    theirs = ContractAssignment.objects.filter(teams, contract__debtor=OuterRef(debtor))
    return rows.filter(~Exists(external) | Exists(theirs))


def of_hands_of(actor: User) -> Q | None:
    """Return the condition that a row's debtor is worked by somebody, or their team as a whole."""
    if actor.team_id is None:
        return None
    hands = ContractAssignment.objects.filter(
        Q(collector=None) | Q(collector=actor.pk),
        team=actor.team_id,
        contract__debtor=OuterRef("debtor"),
    )
    return Q(Exists(hands))


def is_external(actor: User) -> bool:
    """Tell whether somebody works for an external office."""
    return actor.is_outside


def sight(rows: QuerySet[AnyRow], actor: User, debtor: str) -> QuerySet[AnyRow]:
    """Narrow rows as `seen_by` does; those of the house get them untouched."""
    return seen_by(rows, actor, debtor) if is_external(actor) else rows


def assigned_contracts() -> QuerySet[ContractAssignment]:
    """Return who works which contract, with names."""
    return ContractAssignment.objects.select_related("contract", "team", "collector", "assigned_by")


def team_loads() -> dict[int, int]:
    """Return how many contracts in force each team works."""
    working = ContractAssignment.objects.filter(contract__status=ContractStatus.ACTIVE)
    return dict(working.values_list("team").annotate(Count("pk")).order_by())
