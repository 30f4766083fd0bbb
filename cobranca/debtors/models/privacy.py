"""Privacy (LGPD): who read whom, who is the same person, what was asked of their data."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, AppendOnlyModel
from cobranca.debtors.models.people import Debtor


class DebtorReading(AgencyModel, AppendOnlyModel):
    """One person looked at a debtor's data; a database trigger keeps it unalterable."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="readings", verbose_name="devedor", db_index=False
    )
    actor = user_field("quem")
    page = models.CharField("o quê", max_length=40)
    at = models.DateTimeField("quando", db_default=Now())

    class Meta:
        verbose_name = "leitura de dados pessoais"
        verbose_name_plural = "leituras de dados pessoais"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["debtor", "-at"], name="reading_debtor_idx"),
            models.Index(fields=["agency", "-at"], name="reading_agency_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.debtor_id}"


class DebtorMerge(AgencyModel):
    """Unificação of two debtors, with what moved, so that it can be undone."""

    kept = models.ForeignKey(
        Debtor, models.PROTECT, related_name="merges_kept", verbose_name="permaneceu"
    )
    gone = models.ForeignKey(
        Debtor, models.PROTECT, related_name="merges_gone", verbose_name="unificado"
    )
    moved = models.JSONField("o que mudou de dono", default=dict)
    reason = models.CharField("motivo", max_length=200, blank=True)
    merged_by = user_field("por")
    merged_at = models.DateTimeField("em", db_default=Now())
    undone_by = user_field("desfeita por")
    undone_at = models.DateTimeField("desfeita em", null=True, blank=True)

    class Meta:
        verbose_name = "unificação de devedores"
        verbose_name_plural = "unificações de devedores"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


class DistinctPair(AgencyModel):
    """Two debtors called alike whom somebody found to be two people: not to be suggested again."""

    first = models.ForeignKey(Debtor, models.PROTECT, related_name="+", verbose_name="cadastro")
    second = models.ForeignKey(Debtor, models.PROTECT, related_name="+", verbose_name="outro")
    said_by = user_field("por")
    said_at = models.DateTimeField("em", db_default=Now())
    undone_by = user_field("desfeito por")
    undone_at = models.DateTimeField("desfeito em", null=True, blank=True)

    class Meta:
        verbose_name = "par de pessoas diferentes"
        verbose_name_plural = "pares de pessoas diferentes"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(undone_at__isnull=True),
                name="distinctpair_said_once",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="distinctpair_older_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class PrivacyRequest(AgencyModel, AppendOnlyModel):
    """What was done on a person's request with their data: exported or anonymised."""

    class Kind(models.TextChoices):
        EXPORT = "export", "Exportação"
        ANONYMISATION = "anonymise", "Anonimização"

    debtor = models.ForeignKey(
        Debtor, models.PROTECT, related_name="privacy_requests", verbose_name="devedor"
    )
    kind = models.CharField("pedido", max_length=9, choices=Kind)
    reason = models.CharField("motivo", max_length=200)
    actor = user_field("por")
    at = models.DateTimeField("quando", db_default=Now())

    class Meta:
        verbose_name = "pedido de titular"
        verbose_name_plural = "pedidos de titular"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.debtor_id}"
