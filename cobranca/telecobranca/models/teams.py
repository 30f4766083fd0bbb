"""Which team works which contract, and what is expected of whom in a month."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cobranca.accounts.columns import user_field
from cobranca.accounts.models import Team
from cobranca.common.models import AgencyModel, AppendOnlyModel, TimestampedModel
from cobranca.contracts.models import Contract


class ContractAssignment(AgencyModel):
    """Distribuição: the team, or the one collector of it, that works a contract now."""

    contract = models.OneToOneField(
        Contract, models.CASCADE, related_name="assignment", verbose_name="contrato"
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        related_name="assignments",
        verbose_name="equipe",
        db_index=False,  # the index below begins with it
    )
    collector = user_field("cobrador")
    assigned_by = user_field("por")
    assigned_at = models.DateTimeField("em", db_default=Now())

    class Meta:
        verbose_name = "distribuição de contrato"
        verbose_name_plural = "distribuição de contratos"
        indexes = [models.Index(fields=["team", "collector"], name="assignment_team_idx")]

    def __str__(self) -> str:
        return f"{self.contract_id} → {self.team_id}"


class DistributionMode(models.TextChoices):
    """How chosen debtors are divided."""

    EVEN = "even", "Por igual, valores equilibrados"
    PERCENT = "percent", "Por percentual"
    ONE = "one", "Todos para um só"
    NOBODY = "nobody", "Devolver à carteira sem equipe"
    # What a team that closes leaves behind.
    MOVE = "move", "Transferência de equipe"


class Distribution(AgencyModel):
    """One distribution that was applied: what was asked, what it changed, whether it was undone."""

    mode = models.CharField("forma", max_length=8, choices=DistributionMode)
    # As people read it: label → value.
    criteria = models.JSONField("critérios", default=dict)
    # One line per target: who, how many debtors and contracts, how much.
    shares = models.JSONField("partes", default=list)
    debtor_count = models.PositiveIntegerField("devedores", default=0)
    contract_count = models.PositiveIntegerField("contratos", default=0)
    total = models.DecimalField("valor", max_digits=16, decimal_places=2, default=0)
    made_by = user_field("por")
    made_at = models.DateTimeField("em")
    undone_by = user_field("desfeita por")
    undone_at = models.DateTimeField("desfeita em", null=True, blank=True)
    restored = models.PositiveIntegerField("contratos restaurados", default=0)

    class Meta:
        verbose_name = "distribuição"
        verbose_name_plural = "distribuições"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "agency"], name="distribution_id_agency_uniq")
        ]

    def __str__(self) -> str:
        return f"Distribuição {self.pk}"


def _past(target: str, label: str) -> "models.ForeignKey[Any, Any]":
    """Return a column of the past: it names a row, and neither holds nor indexes it."""
    return models.ForeignKey(
        target,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        db_constraint=False,
        db_index=False,
    )


class DistributionChange(AppendOnlyModel):
    """Whose a contract was before a distribution, and whose after it; all that undoing needs.

    `agency` with `distribution` and with `contract` are composite foreign keys (migration).
    """

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name="assessoria",
        db_constraint=False,
        db_index=False,
    )
    distribution = models.ForeignKey(
        Distribution,
        models.CASCADE,
        related_name="changes",
        verbose_name="distribuição",
        db_constraint=False,
    )
    contract = models.ForeignKey(
        Contract,
        models.CASCADE,
        related_name="+",
        verbose_name="contrato",
        db_constraint=False,
        db_index=False,
    )
    team_before = _past("accounts.Team", "equipe antes")
    collector_before = _past("accounts.User", "cobrador antes")
    assigned_by_before = _past("accounts.User", "por, antes")
    assigned_at_before = models.DateTimeField("em, antes", null=True, blank=True)
    team_after = _past("accounts.Team", "equipe depois")
    collector_after = _past("accounts.User", "cobrador depois")

    objects = ScopedManager(agency="agency")

    class Meta:
        verbose_name = "mudança de distribuição"
        verbose_name_plural = "mudanças de distribuição"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.distribution_id}/{self.contract_id}"


class GoalMetric(models.TextChoices):
    RECOVERED = "recovered", "Valor recuperado"
    AGREEMENTS = "agreements", "Acordos"
    CONTACTS = "contacts", "Acionamentos"
    EFFECTIVE = "effective", "Contatos com a pessoa certa"
    PROMISES = "promises", "Promessas"


class Goal(AgencyModel, TimestampedModel):
    """Meta of a team or of one collector for a month (its first day)."""

    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="goals", verbose_name="equipe"
    )
    collector = user_field("cobrador")
    month = models.DateField("mês")
    metric = models.CharField("medida", max_length=10, choices=GoalMetric)
    amount = models.DecimalField("meta", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "meta"
        ordering = ["-month", "metric"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False, collector__isnull=True)
                | Q(team__isnull=True, collector__isnull=False),
                name="goal_of_team_or_collector",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="goal_positive"),
            models.UniqueConstraint(
                fields=["agency", "team", "collector", "month", "metric"],
                name="goal_uniq",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.month:%m/%Y}"
