"""The tenant and the people who work for it."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.common.places import STATE_CHOICES


class Agency(TimestampedModel):
    """Assessoria: the office that collects; everything else belongs to exactly one."""

    name = models.CharField("nome", max_length=120, unique=True)
    document = models.CharField("CNPJ", max_length=14, blank=True)
    state = models.CharField("UF", max_length=2, choices=STATE_CHOICES, default="SP")
    is_active = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "assessoria"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamKind(models.TextChoices):
    INTERNAL = "internal", "Equipe própria"
    EXTERNAL = "external", "Escritório terceirizado"


class Team(AgencyModel, TimestampedModel):
    """Equipe: collectors who work the same part of the portfolio, of the house or outside it."""

    name = models.CharField("nome", max_length=80)
    kind = models.CharField("tipo", max_length=8, choices=TeamKind, default=TeamKind.INTERNAL)
    document = models.CharField("CNPJ", max_length=14, blank=True)
    supervisor = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="supervised_teams",
        verbose_name="supervisor",
    )
    is_active = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "equipe"
        ordering = ["name"]
        permissions = [
            ("view_board", "Ver o quadro do supervisor"),
            ("view_dashboards", "Ver os painéis"),
        ]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="team_name_uniq")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Someone who signs in; without an agency only the installation's own operators."""

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name="assessoria",
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name="equipe",
    )

    class Meta:
        verbose_name = "usuário"
        verbose_name_plural = "usuários"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def is_outside(self) -> bool:
        """Whether they work for an external office."""
        return self.team is not None and self.team.kind == TeamKind.EXTERNAL


class IdempotencyRecord(AgencyModel):
    """What was answered to a POST of the API, for whoever asks the same again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="usuário")
    route = models.CharField("endereço", max_length=200)
    key = models.CharField("chave", max_length=200)
    fingerprint = models.CharField("impressão", max_length=64)
    status_code = models.PositiveSmallIntegerField("status HTTP", null=True, blank=True)
    body = models.TextField("resposta", blank=True)
    expires_at = models.DateTimeField("vale até", db_index=True)

    class Meta:
        verbose_name = "resposta guardada"
        verbose_name_plural = "respostas guardadas"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "user", "route", "key"], name="idempotency_key_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
