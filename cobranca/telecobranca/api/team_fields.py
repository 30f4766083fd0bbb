"""Teams, distributions, goals and the board on the wire."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cobranca.accounts.models import Team, User
from cobranca.common.api.serializers import Fields, Row
from cobranca.creditors.models import Branch, Creditor
from cobranca.debtors.models import Debtor
from cobranca.telecobranca.distribution import Criteria, Plan, Target
from cobranca.telecobranca.models import (
    ContractAssignment,
    Distribution,
    DistributionMode,
    Goal,
)

MOST_DAYS = 36_500
MODES = [choice for choice in DistributionMode.choices if choice[0] != DistributionMode.MOVE]
STAMPS = ("created_at", "updated_at")


class PersonField(serializers.PrimaryKeyRelatedField):
    """Somebody of the caller's agency."""

    def __init__(self, **options: Any) -> None:
        if not options.get("read_only"):
            options.setdefault("queryset", User.objects.none())
        super().__init__(**options)

    def get_queryset(self) -> QuerySet[User]:
        """Return the people of the agency."""
        request = self.context.get("request")
        agency = getattr(getattr(request, "user", None), "agency_id", None)
        return User.objects.filter(agency=agency) if agency else User.objects.none()


def amount(**options: Any) -> serializers.DecimalField:
    """Return a field for an amount of money."""
    return serializers.DecimalField(max_digits=16, decimal_places=2, **options)


class TeamSerializer(Row):
    supervisor = PersonField(required=False, allow_null=True, label="supervisor")
    members = PersonField(many=True, required=False, label="pessoas")

    class Meta:
        model = Team
        fields = ("id", "name", "kind", "document", "supervisor", "members", "is_active", *STAMPS)
        read_only_fields = ("is_active",)
        extra_kwargs = {"document": {"max_length": 20, "help_text": "CNPJ."}}


class CloseIn(Fields):
    """Where the contracts of a team that closes go; neither is needed when it has none."""

    destination = serializers.PrimaryKeyRelatedField(
        queryset=Team._default_manager, required=False, allow_null=True, label="equipe de destino"
    )
    to_nobody = serializers.BooleanField(default=False, label="devolver à carteira sem equipe")


class AssignmentSerializer(Row):
    debtor = serializers.IntegerField(source="contract.debtor_id", read_only=True, label="devedor")

    class Meta:
        model = ContractAssignment
        fields = ("id", "contract", "debtor", "team", "collector", "assigned_by", "assigned_at")


@extend_schema_serializer(component_name="DistributionShare")
class ShareSerializer(Fields):
    team = serializers.IntegerField(allow_null=True, label="equipe")
    collector = serializers.IntegerField(allow_null=True, label="cobrador")
    label = serializers.CharField(label="nome")
    debtors = serializers.IntegerField(label="devedores")
    contracts = serializers.IntegerField(label="contratos que mudam de mãos")
    total = amount(label="em aberto")


@extend_schema_serializer(component_name="DistributionPreview")
class PreviewSerializer(Fields):
    digest = serializers.CharField(
        help_text="Diz quem iria para onde: devolva-o ao aplicar.", label="impressão"
    )
    debtors = serializers.IntegerField(label="devedores")
    contracts = serializers.IntegerField(label="contratos que mudam de mãos")
    total = amount(label="em aberto")
    shares = ShareSerializer(many=True, label="partes")


class DistributionSerializer(Row):
    shares = ShareSerializer(many=True, read_only=True, label="partes")

    class Meta:
        model = Distribution
        fields = (
            "id", "mode", "criteria", "shares", "debtor_count", "contract_count", "total",
            "made_by", "made_at", "undone_by", "undone_at", "restored",
        )  # fmt: skip


def _days(label: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=MOST_DAYS, required=False, allow_null=True, label=label
    )


def _owed(label: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True, label=label
    )


def _one_of(manager: Any, label: str) -> serializers.PrimaryKeyRelatedField:
    return serializers.PrimaryKeyRelatedField(
        queryset=manager, required=False, allow_null=True, label=label
    )


class CriteriaIn(Fields):
    """Which debtors; what is left out does not matter."""

    creditor: Any = _one_of(Creditor._default_manager, "credor")
    branch: Any = _one_of(Branch._default_manager, "filial")
    min_days_late = _days("atraso mínimo")
    max_days_late = _days("atraso máximo")
    min_total = _owed("total mínimo")
    max_total = _owed("total máximo")
    only_undistributed = serializers.BooleanField(default=True, label="só quem está sem equipe")
    team: Any = _one_of(Team._default_manager, "hoje com a equipe")


class TargetIn(Fields):
    team = serializers.PrimaryKeyRelatedField(queryset=Team._default_manager, label="equipe")
    collector = PersonField(required=False, allow_null=True, label="cobrador")
    percent = serializers.DecimalField(
        max_digits=7,
        decimal_places=4,
        min_value=0,
        max_value=100,
        required=False,
        allow_null=True,
        label="percentual",
    )


class PlanIn(Fields):
    criteria = CriteriaIn(required=False, label="critérios")
    mode = serializers.ChoiceField(MODES, label="forma")
    targets = TargetIn(many=True, required=False, label="destinos")


class DistributionIn(PlanIn):
    digest = serializers.CharField(max_length=64, label="impressão da prévia")


def plan_from(told: dict[str, Any]) -> Plan:
    """Return the plan that a call describes."""
    targets = tuple(
        Target(each["team"], each.get("collector"), each.get("percent"))
        for each in told.get("targets", ())
    )
    return Plan(Criteria(**told.get("criteria", {})), told["mode"], targets)


class GoalSerializer(Row):
    collector = PersonField(required=False, allow_null=True, label="cobrador")

    class Meta:
        model = Goal
        fields = ("id", "team", "collector", "month", "metric", "amount", *STAMPS)
        extra_kwargs = {"month": {"help_text": "Qualquer dia do mês."}}


class MonthIn(Fields):
    month = serializers.DateField(label="mês", help_text="Qualquer dia do mês.")


class CopiedSerializer(Fields):
    copied = serializers.IntegerField(label="metas copiadas")


@extend_schema_serializer(component_name="GoalProgress")
class ProgressSerializer(Fields):
    goal = GoalSerializer(label="meta")
    done = amount(label="realizado")
    percent = serializers.IntegerField(label="realizado (%)")


class HoldSerializer(Fields):
    debtor = serializers.IntegerField(source="debtor.pk", label="devedor")
    since = serializers.DateTimeField(label="desde")
    until = serializers.DateTimeField(label="até")
    active_at = serializers.DateTimeField(label="último sinal")


class TodaySerializer(Fields):
    contacts = amount(label="acionamentos")
    effective = amount(label="com a pessoa certa")
    promises = amount(label="promessas")
    agreements = amount(label="acordos")
    recovered = amount(label="recebido de acordos")


class PersonLineSerializer(Fields):
    user = serializers.IntegerField(source="user.pk", label="pessoa")
    name = serializers.CharField(source="user", label="nome")
    hold = HoldSerializer(allow_null=True, label="com")
    last_contact_at = serializers.DateTimeField(allow_null=True, label="último contato")
    today = TodaySerializer(label="hoje")
    month = amount(label="recebido no mês")
    goal = ProgressSerializer(allow_null=True, label="meta")


class TeamLineSerializer(Fields):
    team = serializers.IntegerField(source="team.pk", default=None, allow_null=True, label="equipe")
    name = serializers.CharField(source="team.name", default="", label="nome")
    at_work = serializers.IntegerField(label="em atendimento")
    today = TodaySerializer(label="hoje")
    goal = ProgressSerializer(allow_null=True, label="meta")
    people = PersonLineSerializer(many=True, label="pessoas")


class QueueLineSerializer(Fields):
    queue = serializers.IntegerField(source="queue.pk", label="fila")
    name = serializers.CharField(source="queue.name", label="nome")
    waiting = serializers.IntegerField(label="aguardando")
    held = serializers.IntegerField(label="em atendimento")
    later = serializers.IntegerField(label="voltam mais tarde")


class BoardSerializer(Fields):
    at = serializers.DateTimeField(label="calculado em")
    at_work = serializers.IntegerField(label="em atendimento")
    today = TodaySerializer(label="hoje")
    refused = serializers.IntegerField(label="contatos recusados hoje")
    callbacks_late = serializers.IntegerField(label="retornos atrasados")
    promises_due = serializers.IntegerField(label="promessas para hoje")
    promises_late = serializers.IntegerField(label="promessas vencidas")
    teams = TeamLineSerializer(many=True, label="equipes")
    queues = QueueLineSerializer(many=True, label="filas")


class HeldIn(Fields):
    debtor = serializers.PrimaryKeyRelatedField(queryset=Debtor._default_manager, label="devedor")


class TakenSerializer(Fields):
    debtor = serializers.IntegerField(label="devedor")
    holder = serializers.IntegerField(label="estava com")
