"""What is typed about teams, distributions and goals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from cobranca.accounts.models import Agency, Team, TeamKind, User
from cobranca.accounts.roles import IMPLEMENTER, SUPERVISOR
from cobranca.common.errors import DomainError
from cobranca.common.forms import DocumentField
from cobranca.creditors.models import Branch, Creditor
from cobranca.telecobranca.calculation_forms import AmountField, amount_text
from cobranca.telecobranca.distribution import Criteria, Plan, Target
from cobranca.telecobranca.models import DistributionMode, Goal, GoalMetric

MOST_DAYS = 36_500
NONE, ALL = "sem-equipe", "todos"
MODES = [choice for choice in DistributionMode.choices if choice[0] != DistributionMode.MOVE]


def people_of(agency: Agency) -> Any:
    """Return who may work in teams."""
    return User.objects.filter(agency=agency, is_active=True).order_by("first_name", "username")


class TeamForm(forms.Form):
    """A team or an external office, and who works there."""

    name = forms.CharField(label="Nome", max_length=80)
    kind = forms.ChoiceField(label="Tipo", choices=TeamKind.choices, widget=forms.RadioSelect)
    document = DocumentField(
        label="CNPJ", required=False, max_length=20, help_text="Do escritório terceirizado."
    )
    supervisor: Any = forms.ModelChoiceField(
        User.objects.none(), label="Supervisor", required=False
    )
    members = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Pessoas",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Quem trabalha em outra equipe passa para esta.",
    )

    def __init__(self, data: Any, team: Team) -> None:
        people = people_of(team.agency)
        now = [] if team.pk is None else list(people.filter(team=team).values_list("pk", flat=True))
        initial = {
            "name": team.name,
            "kind": team.kind,
            "document": team.document,
            "supervisor": team.supervisor_id,
            "members": now,
        }
        super().__init__(data, initial=initial)
        bosses = Q(groups__name__in=(SUPERVISOR, IMPLEMENTER))
        self.fields["supervisor"].queryset = people.filter(  # type: ignore[attr-defined]
            pk__in=User.objects.filter(bosses).values("pk").order_by()
        )
        self.fields["supervisor"].empty_label = "Ninguém"  # type: ignore[attr-defined]
        self.fields["members"].queryset = people.select_related("team")  # type: ignore[attr-defined]
        self.fields["members"].label_from_instance = _with_team  # type: ignore[attr-defined]

    def fill(self, team: Team) -> Team:
        """Put what was typed into a team not saved yet."""
        told = self.cleaned_data
        team.name, team.kind = told["name"], told["kind"]
        team.document, team.supervisor = told["document"], told["supervisor"]
        return team


def _with_team(user: User) -> str:
    return f"{user} ({user.team})" if user.team else str(user)


class CloseForm(forms.Form):
    """Where the debtors of a team that closes go."""

    NOBODY = "ninguem"
    destination = forms.ChoiceField(label="Os contratos da equipe vão para", required=False)

    def __init__(self, data: Any, others: Iterable[Team]) -> None:
        super().__init__(data)
        self.others = {str(team.pk): team for team in others}
        self.fields["destination"].choices = [  # type: ignore[attr-defined]
            ("", "Escolha"),
            *((key, str(team)) for key, team in self.others.items()),
            (self.NOBODY, "A carteira sem equipe"),
        ]

    @property
    def told(self) -> dict[str, Any]:
        """Return what the service asks."""
        wanted = self.cleaned_data["destination"]
        return {
            "destination": self.others.get(wanted),
            "to_nobody": wanted == self.NOBODY,
        }


@dataclass(frozen=True)
class Offered:
    """A target as the form offers it, with what was typed of it."""

    value: str
    target: Target
    is_chosen: bool
    percent: str

    @property
    def percent_name(self) -> str:
        return f"percent_{self.value}"


class DistributionForm(forms.Form):
    """Which debtors, how they are divided, to whom."""

    creditor: Any = forms.ModelChoiceField(
        Creditor.objects.none(), label="Credor", required=False, empty_label="Todos"
    )
    branch: Any = forms.ModelChoiceField(
        Branch.objects.none(), label="Filial", required=False, empty_label="Todas"
    )
    min_days_late = forms.IntegerField(
        label="Atraso de (dias)", required=False, min_value=0, max_value=MOST_DAYS
    )
    max_days_late = forms.IntegerField(
        label="até (dias)", required=False, min_value=0, max_value=MOST_DAYS
    )
    min_total = AmountField("Total de")
    max_total = AmountField("até")
    who = forms.ChoiceField(label="Quais devedores")
    mode = forms.ChoiceField(label="Como dividir", choices=MODES, widget=forms.RadioSelect)
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any, agency: Agency) -> None:
        super().__init__(data, initial={"who": NONE, "mode": DistributionMode.EVEN})
        self.targets_error = ""
        self.teams = list(Team.objects.filter(is_active=True).order_by("-kind", "name"))
        people = people_of(agency).filter(team__in=self.teams).select_related("team")
        self.members: dict[int | None, list[User]] = {}
        for user in people:
            self.members.setdefault(user.team_id, []).append(user)
        self.fields["creditor"].queryset = Creditor.objects.order_by("trade_name")  # type: ignore[attr-defined]
        branches = Branch.objects.select_related("creditor").order_by("creditor_id", "name")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        # Those of closed teams can be given back, too.
        now = [(str(team.pk), f"Hoje com {team}") for team in Team.objects.order_by("name")]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (NONE, "Sem equipe"), (ALL, "Todos, com ou sem equipe"), *now,
        ]  # fmt: skip
        for name in ("min_days_late", "max_days_late"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric"}
        for name in ("min_total", "max_total"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "placeholder": "0,00"}

    @property
    def offered(self) -> list[Offered]:
        """The teams, each followed by its people, with what was chosen."""
        return [self._offer(target) for target in self._targets()]

    def _targets(self) -> Iterable[Target]:
        for team in self.teams:
            yield Target(team)
            for user in self.members.get(team.pk, []):
                yield Target(team, user)

    def _offer(self, target: Target) -> Offered:
        value = f"u{target.collector.pk}" if target.collector else f"t{target.team.pk}"
        data: Any = self.data
        chosen = data.getlist("targets") if self.is_bound else []
        return Offered(value, target, value in chosen, data.get(f"percent_{value}", ""))

    def clean(self) -> dict[str, Any]:
        """Put the plan together; what is wrong with it is said at the field at fault."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return told
        branch, creditor = told["branch"], told["creditor"]
        if branch and creditor and branch.creditor_id != creditor.pk:
            self.add_error("branch", "Esta filial é de outro credor.")
            return told
        try:
            self.plan = self._plan(told)
            self.plan.check()
        except DomainError as error:
            if error.field == "targets":
                self.targets_error = error.message
            field = {"team": "who"}.get(error.field, error.field)
            self.add_error(field if field in self.fields else None, error.message)
        return told

    def _plan(self, told: dict[str, Any]) -> Plan:
        team = next((t for t in Team.objects.all() if str(t.pk) == told["who"]), None)
        names = ("creditor", "branch", "min_days_late", "max_days_late", "min_total", "max_total")
        asked = Criteria(
            **{name: told[name] for name in names},
            only_undistributed=told["who"] == NONE,
            team=team,
        )
        is_percent = told["mode"] == DistributionMode.PERCENT
        targets = tuple(
            Target(o.target.team, o.target.collector, _percent(o) if is_percent else None)
            for o in self.offered
            if o.is_chosen
        )
        return Plan(asked, told["mode"], targets)


def _percent(offered: Offered) -> Decimal:
    """Return the percentage typed, or refuse it in words."""
    field = forms.DecimalField(
        localize=True, max_digits=7, decimal_places=4, min_value=0, max_value=100
    )
    try:
        return Decimal(field.clean(offered.percent))
    except forms.ValidationError as error:
        message = f"Informe o percentual de {offered.target}."
        raise DomainError(message, "targets") from error


class GoalForm(forms.Form):
    """Whose goal, of what, how much."""

    who = forms.ChoiceField(label="De quem")
    metric = forms.ChoiceField(label="Medida", choices=GoalMetric.choices)
    amount = AmountField("Meta do mês")

    def __init__(self, data: Any, goal: Goal) -> None:
        whose = f"t{goal.team_id}" if goal.team_id else f"u{goal.collector_id}"
        amount = _goal_text(goal) if goal.pk else ""
        super().__init__(data, initial={"who": whose, "metric": goal.metric, "amount": amount})
        teams = Team.objects.filter(Q(is_active=True) | Q(pk=goal.team_id)).order_by("name")
        people = people_of(goal.agency)
        self.choices: dict[str, dict[str, Any]] = {
            **{f"t{team.pk}": {"team": team, "collector": None} for team in teams},
            **{f"u{user.pk}": {"team": None, "collector": user} for user in people},
        }
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("Equipes", [(f"t{team.pk}", str(team)) for team in teams]),
            ("Pessoas", [(f"u{user.pk}", str(user)) for user in people]),
        ]
        self.fields["amount"].required = True
        self.fields["amount"].error_messages["required"] = "Informe a meta."
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "class": "num"}

    def fill(self, goal: Goal) -> Goal:
        """Put what was typed into a goal not saved yet."""
        told = self.cleaned_data
        whose = self.choices[told["who"]]
        goal.team, goal.collector = whose["team"], whose["collector"]
        goal.metric, goal.amount = told["metric"], told["amount"]
        return goal


def _goal_text(goal: Goal) -> str:
    """Write a goal as it is typed: money with cents, a number of things without."""
    is_money = goal.metric == GoalMetric.RECOVERED
    return amount_text(goal.amount) if is_money else f"{goal.amount:.0f}"


def read_month(text: str, default: date) -> date:
    """Return the first day of the month "2026-11", or of `default`."""
    year, _, month = text[:7].partition("-")
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return default.replace(day=1)
