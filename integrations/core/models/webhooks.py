"""What other systems announce to us: subscriptions, deliveries, and what was refused."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cobranca.common.fields import EncryptedTextField
from cobranca.common.models import AgencyModel
from integrations.core.states import DeliveryStatus


class WebhookSubscription(AgencyModel):
    """An agency's subscription to one system: the token, and what was last seen over there."""

    system = models.CharField("sistema", max_length=20)
    token = EncryptedTextField("token de acesso")
    # SHA-256 of the token: what a delivery is checked against, without deciphering anything.
    token_hash = models.CharField("resumo do token", max_length=64)
    # The token before the last change is good until the hooks over there have the new one.
    old_token_hash = models.CharField("resumo do token anterior", max_length=64, blank=True)
    hooks = models.JSONField("webhooks", default=list, blank=True)
    checked_at = models.DateTimeField("verificada em", null=True, blank=True)
    installed_at = models.DateTimeField("criada em", null=True, blank=True)
    message = models.CharField("mensagem", max_length=300, blank=True)

    class Meta:
        verbose_name = "assinatura de webhooks"
        verbose_name_plural = "assinaturas de webhooks"
        constraints = [
            models.UniqueConstraint(fields=["agency", "system"], name="webhooksub_system_uniq")
        ]

    def __str__(self) -> str:
        return self.system


class WebhookDelivery(AgencyModel):
    """Aviso: one announcement, stored before it is answered, processed afterwards."""

    system = models.CharField("sistema", max_length=20)
    # The provider's id of the event, or a hash of what came where it gave none.
    key = models.CharField("identificador", max_length=80)
    event = models.CharField("evento", max_length=80)
    hook = models.CharField("webhook", max_length=80, blank=True)
    body = models.TextField("conteúdo", blank=True)
    # What it is about, as the provider spells it.
    contract = models.CharField("título", max_length=40, blank=True)
    installment = models.PositiveIntegerField("parcela", null=True, blank=True)
    sale = models.CharField("contrato de venda", max_length=40, blank=True)
    customer = models.CharField("cliente", max_length=40, blank=True)
    status = models.CharField(
        "situação", max_length=10, choices=DeliveryStatus, default=DeliveryStatus.WAITING
    )
    repeats = models.PositiveIntegerField("repetições", default=0)
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    received_at = models.DateTimeField("recebido em", db_default=Now(), editable=False)
    # While somebody is at it, the end of the lease; after a failure, when to try again.
    due_at = models.DateTimeField("a partir de", db_default=Now())
    processed_at = models.DateTimeField("processado em", null=True, blank=True)
    outcome = models.CharField("resultado", max_length=200, blank=True)
    error = models.CharField("erro", max_length=300, blank=True)

    class Meta:
        verbose_name = "aviso recebido"
        verbose_name_plural = "avisos recebidos"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "system", "key"], name="webhookdelivery_key_uniq"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="webhookdelivery_waiting_idx",
                condition=Q(status=DeliveryStatus.WAITING),
            ),
            models.Index(fields=["agency", "-id"], name="webhookdelivery_recent_idx"),
            models.Index(
                fields=["agency", "contract", "installment"], name="webhookdelivery_title_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.contract}"


class WebhookRefusal(AgencyModel):
    """A request that was turned away, and why; nothing of its body is kept."""

    system = models.CharField("sistema", max_length=20)
    at = models.DateTimeField("minuto", db_default=Now())
    status = models.PositiveSmallIntegerField("resposta")
    reason = models.CharField("motivo", max_length=120)
    size = models.PositiveIntegerField("bytes", default=0)
    # Requests alike in one minute are one row.
    count = models.PositiveIntegerField("vezes", default=1)

    class Meta:
        verbose_name = "aviso recusado"
        verbose_name_plural = "avisos recusados"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "system", "at", "status", "reason"],
                name="webhookrefusal_minute_uniq",
            )
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="webhookrefusal_recent_idx")]

    def __str__(self) -> str:
        return f"{self.status} {self.reason}"
