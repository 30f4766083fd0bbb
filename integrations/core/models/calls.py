"""The connection to another system: whether it works, what was asked, how much of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cobranca.common.models import AgencyModel
from cobranca.creditors.models import Creditor
from integrations.core.models.loads import ImportRun


class ConnectionState(AgencyModel):
    """Whether an agency's connection to one system works, as last seen."""

    system = models.CharField("sistema", max_length=20)
    is_enabled = models.BooleanField("ligada", default=True)
    checked_at = models.DateTimeField("verificada em", null=True, blank=True)
    is_healthy = models.BooleanField("funcionando", default=False)
    report = models.JSONField("recursos", default=list, blank=True)
    message = models.CharField("mensagem", max_length=300, blank=True)

    class Meta:
        verbose_name = "conexão"
        verbose_name_plural = "conexões"
        constraints = [
            models.UniqueConstraint(fields=["agency", "system"], name="connection_system_uniq")
        ]

    def __str__(self) -> str:
        return self.system


class IntegrationLog(AgencyModel):
    """One call to another system, both sides of it, without secrets."""

    at = models.DateTimeField("data/hora", db_default=Now())
    kind = models.CharField("tipo de integração", max_length=30)
    method = models.CharField("método", max_length=60)
    verb = models.CharField("verbo", max_length=8)
    url = models.CharField("URL", max_length=500)
    request = models.TextField("requisição", blank=True)
    response = models.TextField("resposta", blank=True)
    status = models.PositiveSmallIntegerField("status", null=True, blank=True)
    duration_ms = models.PositiveIntegerField("duração (ms)", default=0)
    error = models.CharField("mensagem de erro", max_length=300, blank=True)
    contract = models.CharField("contrato", max_length=40, blank=True)
    creditor = models.ForeignKey(
        Creditor, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="credor"
    )
    run = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name="importação",
    )

    class Meta:
        verbose_name = "log de integração"
        verbose_name_plural = "logs de integração"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["agency", "-at", "-id"], name="integrationlog_at_idx"),
            models.Index(fields=["agency", "contract"], name="integrationlog_contract_idx"),
            # Failures are few: found without reading what went well.
            models.Index(
                fields=["agency", "-at", "-id"],
                condition=~Q(error=""),
                name="integrationlog_errors_idx",
            ),
            # The lists of the filters are read off it, one step a value.
            models.Index(fields=["agency", "kind", "method"], name="integrationlog_method_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.method}"


class CallUsage(AgencyModel):
    """Calls spent in one window (a minute or a day) of one pool of a system's limits."""

    system = models.CharField("sistema", max_length=20)
    pool = models.CharField("cota", max_length=10)
    window = models.CharField("janela", max_length=20)
    priority = models.PositiveSmallIntegerField("prioridade", default=0)
    used = models.PositiveIntegerField("gastas", default=0)

    class Meta:
        verbose_name = "consumo de chamadas"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "system", "pool", "window", "priority"],
                name="callusage_window_uniq",
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.pool} {self.window}"
