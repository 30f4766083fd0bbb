"""What is written into another system, step by step, so that a lost answer is never repeated."""

from django.db import models
from django.db.models.functions import Now

from cobranca.common.models import AgencyModel
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor
from integrations.core.states import OperationStep


class ErpOperation(AgencyModel):
    """One write into an ERP: what was ordered, how far it is, what the ERP made of it."""

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="+", verbose_name="credor")
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="+", verbose_name="contrato"
    )
    system = models.CharField("sistema", max_length=20)
    kind = models.CharField("operação", max_length=30, default="renegotiation")
    # Whoever orders names it; ordering again under the same name goes on with the same row.
    key = models.CharField("chave", max_length=60)
    step = models.CharField(
        "etapa", max_length=12, choices=OperationStep, default=OperationStep.PREPARED
    )
    # What is sent, exactly; never changed once it was prepared.
    order = models.JSONField("pedido", default=dict)
    # What the ERP has of it: generated installments, values.
    answer = models.JSONField("resposta", default=dict, blank=True)
    external_id = models.CharField("código no ERP", max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    message = models.CharField("mensagem", max_length=300, blank=True)
    created_at = models.DateTimeField("criada em", db_default=Now(), editable=False)
    updated_at = models.DateTimeField("alterada em", db_default=Now())

    class Meta:
        verbose_name = "gravação no ERP"
        verbose_name_plural = "gravações no ERP"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="erpoperation_key_uniq")
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="erpoperation_recent_idx")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ErpOperationStep(AgencyModel):
    """One step of a write, when it was taken and what was seen: shown to people, never changed."""

    operation = models.ForeignKey(
        ErpOperation, models.CASCADE, related_name="steps", verbose_name="gravação"
    )
    step = models.CharField("etapa", max_length=12, choices=OperationStep)
    message = models.CharField("o que aconteceu", max_length=300, blank=True)
    at = models.DateTimeField("quando", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "etapa de gravação"
        verbose_name_plural = "etapas de gravação"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.step
