"""REST: teams, who works what, goals, the live board."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_filters import rest_framework as rest
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cobranca.accounts.models import Team, TeamKind
from cobranca.common import clock
from cobranca.common.api.filters import (
    AnyOfFilter,
    DateFilter,
    NumberFilter,
    TrueFalseFilter,
)
from cobranca.common.api.pagination import NewestFirst
from cobranca.common.api.serializers import Fields, read_query
from cobranca.common.api.views import Creates, Lists, Reads, Resource, Updates, changed
from cobranca.telecobranca.api import team_fields as fields
from cobranca.telecobranca.board import board_of
from cobranca.telecobranca.distribution import assigned_contracts, distributions, preview
from cobranca.telecobranca.goals import goal_lines
from cobranca.telecobranca.models import (
    ContractAssignment,
    Distribution,
    Goal,
    GoalMetric,
    QueueDraw,
)
from cobranca.telecobranca.services.distributing import distribute, undo_distribution
from cobranca.telecobranca.services.goals import copy_goals, delete_goal, save_goal
from cobranca.telecobranca.services.holds import take_back
from cobranca.telecobranca.services.teams import close_team, reopen_team, save_team, set_members

SEES_WHO = ("telecobranca.view_contractassignment",)
DISTRIBUTES = (*SEES_WHO, "telecobranca.change_contractassignment")
CLOSES = ("accounts.change_team", "telecobranca.change_contractassignment")
SEES_BOARD = ("accounts.view_board",)


def told_by(request: Request, body: type[Fields], **context: Any) -> dict[str, Any]:
    """Return what a call says, or refuse it."""
    serializer = body(data=request.data, context={"request": request, **context})
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class TeamFilter(rest.FilterSet):
    kind = AnyOfFilter(choices=TeamKind.choices)
    is_active = TrueFalseFilter()


class TeamViewSet(Reads, Creates, Updates):
    """Teams and external offices."""

    about = (
        "Equipes e escritórios terceirizados. Quem é de um escritório abre só os devedores "
        "distribuídos a ele."
    )
    model = Team
    serializer_class = fields.TeamSerializer
    filterset_class = TeamFilter
    needs = {"close": CLOSES, "reopen": CLOSES}

    def rows(self) -> QuerySet[Team]:
        """Return teams along with their people."""
        return Team.objects.prefetch_related("members")

    def create_row(self, values: dict[str, Any]) -> Team:
        """Make a team."""
        people = values.pop("members", [])
        return self._saved(Team(agency=self.agency, **values), people)

    def update_row(self, row: Team, values: dict[str, Any]) -> Team:
        """Change a team; people who are not told stay."""
        people = values.pop("members", None)
        return self._saved(changed(row, values), people)

    def _saved(self, team: Team, people: list[Any] | None) -> Team:
        with transaction.atomic():
            save_team(team=team, actor=self.actor)
            if people is not None:
                keys = [person.pk for person in people]
                set_members(team=team, member_ids=keys, actor=self.actor)
        return team

    @extend_schema(
        summary="Desativar", request=fields.CloseIn, responses={200: fields.TeamSerializer}
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Deactivate a team, its contracts handed over."""
        team = self.get_object()
        told = told_by(request, fields.CloseIn)
        close_team(team=team, actor=self.actor, on=clock.today(), at=clock.now(), **told)
        return Response(self.shown(team.pk))

    @extend_schema(summary="Reativar", request=None, responses={200: fields.TeamSerializer})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Put a team back to work."""
        team = reopen_team(team=self.get_object(), actor=self.actor)
        return Response(self.shown(team.pk))


class AssignmentFilter(rest.FilterSet):
    team = NumberFilter(field_name="team_id")
    collector = NumberFilter(field_name="collector_id")
    contract = NumberFilter(field_name="contract_id")
    debtor = NumberFilter(field_name="contract__debtor_id")


class AssignmentViewSet(Lists):
    """Who works which contract."""

    about = "Quem trabalha cada contrato; muda só por uma distribuição."
    model = ContractAssignment
    serializer_class = fields.AssignmentSerializer
    filterset_class = AssignmentFilter

    def rows(self) -> QuerySet[ContractAssignment]:
        """Return assignments along with their contracts."""
        return assigned_contracts()


class DistributionViewSet(Reads):
    """Distributions, newest first: shown before, applied, taken back."""

    about = (
        "Distribuições de devedores entre equipes, da mais nova à mais antiga. Um devedor vai "
        "inteiro a uma só equipe. Peça a prévia, e aplique com a impressão que ela trouxe."
    )
    model = Distribution
    serializer_class = fields.DistributionSerializer
    pagination_class = NewestFirst
    needs = {
        "list": SEES_WHO,
        "retrieve": SEES_WHO,
        "preview": SEES_WHO,
        "create": DISTRIBUTES,
        "undo": DISTRIBUTES,
    }

    def rows(self) -> QuerySet[Distribution]:
        """Return distributions."""
        return distributions()

    @extend_schema(
        summary="Ver o que uma distribuição faria",
        request=fields.PlanIn,
        responses={200: fields.PreviewSerializer},
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what a distribution would do; nothing changes."""
        plan = fields.plan_from(told_by(request, fields.PlanIn))
        seen = preview(self.agency.pk, plan, clock.today())
        shown = {
            "digest": seen.digest,
            "debtors": seen.debtors,
            "contracts": seen.contracts,
            "total": seen.total,
            "shares": [share.shown() for share in seen.shares],
        }
        return Response(fields.PreviewSerializer(shown).data)

    @extend_schema(
        summary="Distribuir",
        request=fields.DistributionIn,
        responses={201: fields.DistributionSerializer},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Apply what a preview showed."""
        told = told_by(request, fields.DistributionIn)
        made = distribute(
            agency=self.agency,
            plan=fields.plan_from(told),
            digest=told["digest"],
            actor=self.actor,
            on=clock.today(),
            at=clock.now(),
        )
        return Response(self.shown(made.pk), status=201)

    @extend_schema(
        summary="Desfazer a última",
        request=None,
        responses={200: fields.DistributionSerializer},
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take the last distribution back."""
        found = self.get_object()
        undo_distribution(distribution_id=found.pk, actor=self.actor, at=clock.now())
        return Response(self.shown(found.pk))


class GoalFilter(rest.FilterSet):
    team = NumberFilter(field_name="team_id")
    collector = NumberFilter(field_name="collector_id")
    month = DateFilter()
    metric = AnyOfFilter(choices=GoalMetric.choices)


class GoalViewSet(Reads, Creates, Updates):
    """Goals of a month."""

    about = "Metas do mês, de uma equipe ou de um cobrador."
    model = Goal
    serializer_class = fields.GoalSerializer
    filterset_class = GoalFilter
    needs = {"copy": ("telecobranca.add_goal",), "progress": ("telecobranca.view_goal",)}

    def rows(self) -> QuerySet[Goal]:
        """Return goals."""
        return Goal.objects.select_related("team", "collector")

    def create_row(self, values: dict[str, Any]) -> Goal:
        """Expect something."""
        return save_goal(goal=Goal(agency=self.agency, **values), actor=self.actor)

    def update_row(self, row: Goal, values: dict[str, Any]) -> Goal:
        """Expect something else."""
        return save_goal(goal=changed(row, values), actor=self.actor)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a goal back."""
        delete_goal(goal=self.get_object(), actor=self.actor)
        return Response(status=204)

    @extend_schema(
        summary="Copiar as do mês anterior",
        request=fields.MonthIn,
        responses={200: fields.CopiedSerializer},
    )
    @action(detail=False, methods=["post"])
    def copy(self, request: Request) -> Response:
        """Expect of a month what was expected of the one before."""
        month: date = told_by(request, fields.MonthIn)["month"]
        return Response({"copied": copy_goals(agency=self.agency, month=month, actor=self.actor)})

    @extend_schema(
        summary="Consultar o realizado",
        parameters=[fields.MonthIn],
        responses={200: fields.ProgressSerializer(many=True)},
        filters=False,
    )
    @action(detail=False, filterset_class=None, pagination_class=None)
    def progress(self, request: Request) -> Response:
        """Tell what was done of each goal of a month."""
        month = read_query(request, fields.MonthIn)["month"]
        lines = goal_lines(self.agency.pk, month, clock.today())
        return Response(fields.ProgressSerializer(lines, many=True).data)


class BoardViewSet(Resource):
    """The live board."""

    about = "O quadro ao vivo do supervisor: quem trabalha agora em quem, o dia, as filas."
    model = QueueDraw
    serializer_class = fields.BoardSerializer
    pagination_class = None
    needs = {
        "list": SEES_BOARD,
        "take_back": (*SEES_BOARD, "telecobranca.change_queuedraw"),
    }

    @extend_schema(
        summary="Consultar o quadro", responses={200: fields.BoardSerializer}, filters=False
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer the board as it is now."""
        found = board_of(self.agency.pk, clock.today(), clock.now())
        return Response(fields.BoardSerializer(found).data)

    @extend_schema(
        summary="Retomar um devedor",
        request=fields.HeldIn,
        responses={200: fields.TakenSerializer},
    )
    @action(detail=False, methods=["post"], url_path="take-back")
    def take_back(self, request: Request) -> Response:
        """Give a debtor that somebody holds back to the queue."""
        debtor = told_by(request, fields.HeldIn)["debtor"]
        holder = take_back(debtor=debtor, actor=self.actor, at=clock.now())
        return Response({"debtor": debtor.pk, "holder": holder.pk})
