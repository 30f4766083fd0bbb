"""Loads of a portfolio: runs, what they set aside, how far each creditor is mirrored."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel
from cobranca.creditors.models import Creditor
from integrations.core.registry import entries
from integrations.core.states import RunStatus


class ImportRun(AgencyModel):
    """One load of a creditor's portfolio, from the first page read to the last row applied."""

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="import_runs", verbose_name="credor"
    )
    layout = models.CharField("layout", max_length=40)
    full = models.BooleanField("batimento", default=False)
    dry_run = models.BooleanField("simulação", default=False)
    status = models.CharField(
        "situação", max_length=10, choices=RunStatus, default=RunStatus.QUEUED
    )
    requested_by = user_field("pedida por")
    created_at = models.DateTimeField("criada em", db_default=Now(), editable=False)
    started_at = models.DateTimeField("início", null=True, blank=True)
    finished_at = models.DateTimeField("fim", null=True, blank=True)
    # The window a daily load asks the ERP for; a batimento has no beginning.
    window_from = models.DateTimeField("desde", null=True, blank=True)
    window_to = models.DateTimeField("até", null=True, blank=True)
    # Where reading goes on after a crash, as the connector spells it.
    cursor = models.JSONField("posição", default=dict, blank=True)
    # Per stream: pages, rows staged, rows read and left out. Staging lost in a database crash is
    # noticed by it.
    staged = models.JSONField("linhas lidas", default=dict, blank=True)
    # Raised by whoever takes the run up; a worker that lost it can no longer write.
    attempt = models.PositiveIntegerField("tentativa", default=0)
    heartbeat_at = models.DateTimeField("sinal de vida", null=True, blank=True)
    pages = models.PositiveIntegerField("páginas", default=0)
    pages_expected = models.PositiveIntegerField("páginas previstas", null=True, blank=True)
    read = models.PositiveIntegerField("lidas", default=0)
    included = models.PositiveIntegerField("incluídas", default=0)
    updated = models.PositiveIntegerField("atualizadas", default=0)
    recalled = models.PositiveIntegerField("devolvidas", default=0)
    ignored = models.PositiveIntegerField("ignoradas", default=0)
    issue_count = models.PositiveIntegerField("críticas", default=0)
    details = models.JSONField("detalhes", default=dict, blank=True)
    message = models.CharField("mensagem", max_length=500, blank=True)

    class Meta:
        verbose_name = "importação"
        verbose_name_plural = "importações"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["creditor"],
                condition=Q(status__in=[RunStatus.READING, RunStatus.APPLYING]),
                name="importrun_creditor_running_uniq",
            )
        ]
        indexes = [models.Index(fields=["agency", "creditor", "-id"], name="importrun_recent_idx")]

    def __str__(self) -> str:
        return f"{self.layout_label} nº {self.pk}"

    @property
    def layout_label(self) -> str:
        """Return what people call the layout; one no longer installed keeps its code."""
        known = {code: label for entry in entries() for code, label in entry.layouts}
        return known.get(self.layout, self.layout)


class ImportIssue(AgencyModel):
    """Crítica: a row set aside, with the reason and where it was found."""

    run = models.ForeignKey(
        ImportRun, models.CASCADE, related_name="issues", verbose_name="importação"
    )
    # Page that found it: a stream read again from its start takes its issues back. The ones
    # found while applying have none.
    page = models.IntegerField("página", null=True, blank=True)
    code = models.CharField("código", max_length=40)
    message = models.CharField("crítica", max_length=300)
    contract = models.CharField("contrato", max_length=40, blank=True)
    installment = models.CharField("parcela", max_length=20, blank=True)
    # The row itself, kept where access is controlled; never in logs.
    row = models.JSONField("linha", null=True, blank=True)
    created_at = models.DateTimeField("registrada em", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "crítica"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message


class LoadState(AgencyModel):
    """How far a creditor's portfolio has been mirrored."""

    creditor = models.OneToOneField(
        Creditor, models.CASCADE, primary_key=True, related_name="load_state"
    )
    # Start of the last load that ended well: the next window opens here.
    loaded_until = models.DateTimeField("carregado até", null=True, blank=True)
    full_at = models.DateTimeField("último batimento", null=True, blank=True)
    last_run = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="última importação",
    )

    class Meta:
        verbose_name = "posição da carteira"

    def __str__(self) -> str:
        return str(self.creditor_id)
