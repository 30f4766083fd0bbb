"""The work queue: rules people configure, one narrow row per debtor, and who was given whom."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cobranca.accounts.models import Team
from cobranca.campaigns.models import Campaign
from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.creditors.models import Branch, Creditor
from cobranca.debtors.models import Debtor

HIGHEST_SCORE = 1000
_SCORES = [MaxValueValidator(HIGHEST_SCORE)]


class PromiseFilter(models.TextChoices):
    ANY = "any", "Qualquer"
    NONE = "none", "Sem promessa em aberto"
    DUE = "due", "Promessa vencendo ou vencida"
    OPEN = "open", "Com promessa em aberto"


class WorkQueue(AgencyModel, TimestampedModel):
    """Fila: which debtors belong to it and in what order they come; the first that fits wins.

    An empty filter lets everybody in. Creditors, branches and campaigns are asked of one and the
    same contract in force.
    """

    name = models.CharField("nome", max_length=80)
    position = models.PositiveSmallIntegerField("ordem", default=10)
    is_active = models.BooleanField("ativa", default=True)
    min_days_late = models.PositiveIntegerField(
        "atraso mínimo (dias)", null=True, blank=True, default=1
    )
    max_days_late = models.PositiveIntegerField("atraso máximo (dias)", null=True, blank=True)
    min_total = models.DecimalField(
        "total mínimo", max_digits=14, decimal_places=2, null=True, blank=True
    )
    max_total = models.DecimalField(
        "total máximo", max_digits=14, decimal_places=2, null=True, blank=True
    )
    quiet_days = models.PositiveSmallIntegerField("sem contato há (dias)", null=True, blank=True)
    promise = models.CharField(
        "promessa", max_length=4, choices=PromiseFilter, default=PromiseFilter.ANY
    )
    min_score = models.PositiveSmallIntegerField(
        "score mínimo", null=True, blank=True, validators=_SCORES
    )
    max_score = models.PositiveSmallIntegerField(
        "score máximo", null=True, blank=True, validators=_SCORES
    )
    creditors = models.ManyToManyField(Creditor, blank=True, verbose_name="credores")
    branches = models.ManyToManyField(Branch, blank=True, verbose_name="filiais")
    campaigns = models.ManyToManyField(Campaign, blank=True, verbose_name="campanhas")
    teams = models.ManyToManyField(Team, blank=True, verbose_name="equipes")
    # Weights of what puts a debtor first (cobranca.telecobranca.queue_rules).
    ordering = models.JSONField("ordenação", default=list, blank=True)
    idle_minutes = models.PositiveSmallIntegerField(
        "volta à fila se parado (min)",
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(480)],
    )

    class Meta:
        verbose_name = "fila de trabalho"
        verbose_name_plural = "filas de trabalho"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="workqueue_name_uniq",
                violation_error_message="Já existe uma fila com este nome.",
            )
        ]

    def __str__(self) -> str:
        return self.name


def unchecked(to: Any, label: str) -> "models.ForeignKey[Any, Any]":
    """Return a column that the draw writes: the database neither checks nor indexes it."""
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        db_constraint=False,
        db_index=False,
    )


class QueueEntry(models.Model):
    """A debtor's place: in which queue, how far ahead, and who holds them until when.

    Rows are written by set-based SQL alone (cobranca.telecobranca.services). `available_at` is
    the one column that says when a debtor may be drawn: a pause, a reminder and a hold all push
    it on, so a hold that nobody renews ends by itself.
    """

    debtor = models.OneToOneField(
        Debtor,
        models.CASCADE,
        primary_key=True,
        related_name="queue_entry",
        db_constraint=False,  # composite, with the agency: migration 0002
        verbose_name="devedor",
    )
    agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name="assessoria",
        db_constraint=False,
        db_index=False,
    )
    queue = models.ForeignKey(
        WorkQueue,
        models.CASCADE,
        related_name="+",
        verbose_name="fila",
        db_constraint=False,
        db_index=False,
    )
    # Whose the debtor is: 0 anybody's, a team's key, or a collector's with a minus sign.
    pool = models.BigIntegerField("de quem", db_default=0)
    # Lower comes first; computed by the ranking from the queue's position and ordering.
    rank = models.BigIntegerField("posição")
    # Where the law of contact looks: state of residence and of the number dialled.
    place = models.CharField("praça", max_length=5)
    available_at = models.DateTimeField("disponível a partir de", db_default=Now())
    reserved_for = unchecked(settings.AUTH_USER_MODEL, "reservado para")
    held_by = unchecked(settings.AUTH_USER_MODEL, "com")
    held_at = models.DateTimeField("desde", null=True, blank=True)
    held_until = models.DateTimeField("até", null=True, blank=True)

    objects = ScopedManager(agency="agency")

    class Meta:
        verbose_name = "lugar na fila"
        verbose_name_plural = "lugares na fila"
        indexes = [
            # `available_at` last: whoever is not available is passed over without a look at the
            # row, and of equals the one that waits longest comes.
            models.Index(
                fields=["agency", "pool", "rank", "available_at"],
                condition=Q(reserved_for__isnull=True),
                name="queueentry_next_idx",
            ),
            models.Index(
                fields=["reserved_for", "available_at"],
                condition=Q(reserved_for__isnull=False),
                name="queueentry_reserved_idx",
            ),
            models.Index(
                fields=["held_by"], condition=Q(held_by__isnull=False), name="queueentry_held_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id}:{self.debtor_id}"

    def is_held_at(self, at: datetime) -> bool:
        """Tell whether somebody has the debtor at an instant."""
        until = self.held_until
        return self.held_by_id is not None and until is not None and until > at


class DrawEnd(models.TextChoices):
    """How a hold ended."""

    WORKED = "worked", "Atendido"
    SKIPPED = "skipped", "Pulado"
    RELEASED = "released", "Devolvido"
    IDLE = "idle", "Parado"
    TAKEN = "taken", "Retomado pelo supervisor"
    BLOCKED = "blocked", "Bloqueado"
    GONE = "gone", "Saiu da fila"


class QueueDraw(AgencyModel):
    """One debtor given to one collector, and how it ended; written when it has ended.

    What is held now is in QueueEntry.
    """

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="+", verbose_name="devedor", db_index=False
    )
    queue = unchecked(WorkQueue, "fila")
    collector = unchecked(settings.AUTH_USER_MODEL, "cobrador")
    drawn_at = models.DateTimeField("entregue em")
    ended_at = models.DateTimeField("encerrado em")
    ended_as = models.CharField("como", max_length=8, choices=DrawEnd)

    class Meta:
        verbose_name = "entrega da fila"
        verbose_name_plural = "entregas da fila"
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "-ended_at"], name="queuedraw_agency_idx")]

    def __str__(self) -> str:
        return f"{self.debtor_id} → {self.collector_id}"


class QueueState(AgencyModel):
    """When an agency's queue was ranked last, and where every debtor lives and is dialled."""

    ranked_at = models.DateTimeField("ordenada em", null=True, blank=True)
    ranked_on = models.DateField("para o dia", null=True, blank=True)
    placed_at = models.DateTimeField("praças conferidas em", null=True, blank=True)

    class Meta:
        verbose_name = "estado da fila"
        verbose_name_plural = "estados da fila"
        constraints = [models.UniqueConstraint(fields=["agency"], name="queuestate_agency_uniq")]

    def __str__(self) -> str:
        return str(self.agency_id)
