"""What must leave this process, written in the transaction of its cause."""

from django.db import models
from django.db.models.functions import Now

from cobranca.common.models import AgencyModel
from cobranca.outbox.states import DeliveryStatus


class OutboxEvent(AgencyModel):
    """One thing to deliver: to another system, to a mailbox, to another part of the product."""

    topic = models.CharField("assunto", max_length=60)
    payload = models.JSONField("conteúdo", default=dict)
    idempotency_key = models.CharField("chave de idempotência", max_length=100)
    status = models.CharField(
        "situação", max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    due_at = models.DateTimeField("a partir de", db_default=Now())
    created_at = models.DateTimeField("criado em", db_default=Now(), editable=False)
    delivered_at = models.DateTimeField("entregue em", null=True, blank=True)
    error = models.CharField("erro", max_length=300, blank=True)

    class Meta:
        verbose_name = "saída"
        verbose_name_plural = "saídas"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "topic", "idempotency_key"], name="outbox_key_uniq"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outbox_pending_idx",
                condition=models.Q(status=DeliveryStatus.PENDING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.idempotency_key}"
