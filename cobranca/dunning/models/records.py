"""What came of a contact: its result, a promise, a time to call back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, AppendOnlyModel, TimestampedModel
from cobranca.contracts.models import Contract
from cobranca.debtors.models import Debtor, EmailAddress, Phone
from cobranca.dunning.models.law import ContactAttempt
from cobranca.dunning.states import CallbackStatus, Channel, Direction, PromiseStatus


class ContactResult(AgencyModel):
    """Resultado: what a contact may end in, and what follows from it."""

    code = models.SlugField("código", max_length=20)
    label = models.CharField("resultado", max_length=60)
    # The right person was spoken to (CPC).
    is_effective = models.BooleanField("falou com a pessoa certa", default=False)
    wants_promise = models.BooleanField("pede promessa", default=False)
    wants_callback = models.BooleanField("pede retorno", default=False)
    inactivates_phone = models.BooleanField("inativa o telefone", default=False)
    pause_hours = models.PositiveSmallIntegerField("volta à fila depois de (horas)", default=24)
    # How far ahead a promise made with this result may lie.
    promise_days = models.PositiveSmallIntegerField("promessa em até (dias)", default=30)
    position = models.PositiveSmallIntegerField("ordem", default=0)
    is_active = models.BooleanField("em uso", default=True)

    class Meta:
        verbose_name = "resultado de contato"
        verbose_name_plural = "resultados de contato"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="contactresult_code_uniq")
        ]

    def __str__(self) -> str:
        return self.label


class ContactRecord(AgencyModel, AppendOnlyModel):
    """Acionamento: one contact that took place, or was tried, with its result."""

    debtor = models.ForeignKey(
        Debtor,
        models.CASCADE,
        related_name="contact_records",
        verbose_name="devedor",
        db_index=False,
    )
    contract = models.ForeignKey(
        Contract, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="contrato"
    )
    attempt = models.OneToOneField(
        ContactAttempt,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="record",
        verbose_name="tentativa",
    )
    channel = models.CharField("canal", max_length=8, choices=Channel)
    direction = models.CharField(
        "sentido", max_length=3, choices=Direction, default=Direction.OUTBOUND
    )
    phone = models.ForeignKey(
        Phone, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="telefone"
    )
    email = models.ForeignKey(
        EmailAddress,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="e-mail",
    )
    result = models.ForeignKey(
        ContactResult, models.PROTECT, related_name="+", verbose_name="resultado"
    )
    text = models.TextField("descrição", blank=True)
    actor = user_field("por")
    happened_at = models.DateTimeField("quando")

    class Meta:
        verbose_name = "acionamento"
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["debtor", "-happened_at"], name="record_debtor_idx"),
            models.Index(fields=["agency", "-happened_at"], name="record_agency_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.happened_at:%d/%m/%Y %H:%M}"


class Promise(AgencyModel, TimestampedModel):
    """Promessa de pagamento: a day and an amount that a debtor gave."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="promises", verbose_name="devedor"
    )
    contract = models.ForeignKey(
        Contract, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="contrato"
    )
    record = models.ForeignKey(
        ContactRecord,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name="acionamento",
    )
    made_on = models.DateField("feita em", db_default=Now())
    promised_on = models.DateField("para")
    amount = models.DecimalField("valor", max_digits=14, decimal_places=2)
    status = models.CharField(
        "situação", max_length=9, choices=PromiseStatus, default=PromiseStatus.OPEN
    )
    # What came between the day it was made and its date, as the settlement last counted it.
    received = models.DecimalField("recebido", max_digits=14, decimal_places=2, default=0)
    reason = models.CharField("motivo do cancelamento", max_length=200, blank=True)
    actor = user_field("por")
    settled_on = models.DateField("encerrada em", null=True, blank=True)

    class Meta:
        verbose_name = "promessa"
        ordering = ["promised_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_amount_positive")
        ]
        indexes = [
            models.Index(
                fields=["agency", "promised_on"],
                condition=Q(status="open"),
                name="promise_open_idx",
            )
        ]

    def __str__(self) -> str:
        return f"{self.promised_on:%d/%m/%Y}"


class Callback(AgencyModel, TimestampedModel):
    """Retorno: when a debtor asked, or was told, to be called again, and by whom."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="callbacks", verbose_name="devedor"
    )
    record = models.ForeignKey(
        ContactRecord,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="callbacks",
        verbose_name="acionamento",
    )
    at = models.DateTimeField("quando")
    assigned_to = user_field("para")
    status = models.CharField(
        "situação", max_length=9, choices=CallbackStatus, default=CallbackStatus.WAITING
    )
    note = models.CharField("observação", max_length=200, blank=True)
    actor = user_field("por")
    done_at = models.DateTimeField("encerrado em", null=True, blank=True)

    class Meta:
        verbose_name = "retorno"
        ordering = ["at", "id"]
        indexes = [
            models.Index(
                fields=["agency", "at"], condition=Q(status="waiting"), name="callback_waiting_idx"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
