"""What debtor and office agreed on: which installments, for how much, paid when."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from cobranca.accounts.columns import user_field
from cobranca.agreements.states import (
    AgreementStatus,
    Approval,
    Effect,
    ParcelStatus,
    WaitsFor,
)
from cobranca.campaigns.models import Quote
from cobranca.campaigns.states import PlanKind
from cobranca.common.columns import money_field, percent_field
from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.contracts.models import Contract, Installment
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor

ZERO = Decimal("0.00")
REASON_LIMIT = 300


class AgreementTemplate(AgencyModel, TimestampedModel):
    """Template de acordo: terms by which agreements are made without a person at the desk."""

    name = models.CharField("nome", max_length=80)
    effect = models.CharField(
        "efetivação", max_length=20, choices=Effect, default=Effect.ON_CREATION
    )
    approval = models.CharField(
        "aprovação", max_length=20, choices=Approval, default=Approval.BY_AUTHORITY
    )
    is_active = models.BooleanField("ativo", default=True)
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = "template de acordo"
        verbose_name_plural = "templates de acordo"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="agreementtemplate_name_uniq",
                violation_error_message="Já existe um template com este nome.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Agreement(AgencyModel, TimestampedModel):
    """Acordo: installments of one debtor and one creditor, for an amount, in parcels."""

    number = models.PositiveIntegerField("número")
    debtor = models.ForeignKey(
        Debtor, models.PROTECT, related_name="agreements", verbose_name="devedor"
    )
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="agreements", verbose_name="credor"
    )
    template = models.ForeignKey(
        AgreementTemplate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name="template do acordo",
    )
    quote = models.OneToOneField(
        Quote, models.PROTECT, related_name="agreement", verbose_name="cálculo"
    )
    status = models.CharField(
        "situação", max_length=10, choices=AgreementStatus, default=AgreementStatus.PROPOSAL
    )
    # Only while it waits.
    waits_for = models.CharField("espera", max_length=10, choices=WaitsFor, blank=True, default="")
    plan = models.CharField("pagamento", max_length=12, choices=PlanKind, default=PlanKind.CASH)
    is_integrated = models.BooleanField("integrado ao ERP", default=False)
    external_id = models.CharField("renegociação no ERP", max_length=40, blank=True)
    on = models.DateField("data do cálculo")
    made_on = models.DateField("feito em")
    updated_debt = money_field("atualizado")
    discount = money_field("desconto")
    early_discount = money_field("desconto por antecipação")
    expenses = money_field("despesas")
    # What is paid if nothing is financed; parcels at a monthly rate add `financing` to it.
    agreed = money_field("total do acordo")
    financing = money_field("juros do parcelamento")
    total = money_field("total a pagar")
    monthly_rate_percent = percent_field("taxa (% ao mês)")
    description = models.TextField("descrição", blank=True)
    made_by = user_field("feito por")
    approved_by = user_field("aprovado por")
    # Why it waits for approval, why it was refused, cancelled or broken: the latest.
    reason = models.CharField("motivo", max_length=REASON_LIMIT, blank=True)
    activated_on = models.DateField("vigente desde", null=True, blank=True)
    closed_on = models.DateField("encerrado em", null=True, blank=True)

    class Meta:
        verbose_name = "acordo"
        ordering = ["-id"]
        permissions = [("approve_agreement", "Pode aprovar acordos")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="agreement_number_uniq"),
            models.CheckConstraint(
                condition=Q(agreed__gte=0) & Q(total=F("agreed") + F("financing")),
                name="agreement_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    agreed=F("updated_debt") - F("discount") - F("early_discount") + F("expenses")
                ),
                name="agreement_agreed_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(status=AgreementStatus.WAITING) | Q(waits_for=""),
                name="agreement_waits_while_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "status", "-id"], name="agreement_status_idx"),
            models.Index(fields=["debtor", "-id"], name="agreement_debtor_idx"),
        ]

    def __str__(self) -> str:
        return f"Acordo {self.number}"


class AgreementItem(AgencyModel):
    """Parcela original do acordo: what of it went in, and whether the agreement holds it."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="items", verbose_name="acordo"
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="+", verbose_name="contrato", db_index=False
    )
    installment = models.ForeignKey(
        Installment, models.PROTECT, related_name="agreement_items", verbose_name="parcela"
    )
    position = models.PositiveSmallIntegerField("ordem")
    days_late = models.PositiveIntegerField("dias de atraso", default=0)
    original = money_field("valor original")
    correction = money_field("correção")
    penalty = money_field("multa")
    interest = money_field("juros")
    fee = money_field("honorários")
    discount = money_field("desconto")
    # Its share of what the debtor pays, expenses and financing apart.
    net = money_field("total")
    # What was owed of the installment when it was priced, charges apart: should it change before
    # the agreement takes hold of it, the price is no longer right.
    owed = money_field("saldo ao calcular")
    is_live = models.BooleanField("em acordo", default=False)
    # When the debtor's payments had covered it; empty before.
    covered_on = models.DateField("coberta em", null=True, blank=True)
    # What a breach took off the installment out of money that had not covered it.
    credited = money_field("abatido na quebra")

    class Meta:
        verbose_name = "parcela original"
        verbose_name_plural = "parcelas originais"
        ordering = ["agreement", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "installment"], name="agreementitem_once_uniq"
            ),
            models.UniqueConstraint(
                fields=["installment"], condition=Q(is_live=True), name="agreementitem_live_uniq"
            ),
            models.CheckConstraint(
                condition=Q(
                    net=F("original")
                    + F("correction")
                    + F("penalty")
                    + F("interest")
                    + F("fee")
                    - F("discount")
                )
                & Q(net__gte=0),
                name="agreementitem_net_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.position}"


class AgreementInstallment(AgencyModel):
    """Parcela do acordo; number 0 is the down payment."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="parcels", verbose_name="acordo"
    )
    number = models.PositiveSmallIntegerField("número")
    due_date = models.DateField("vencimento")
    amount = money_field("valor")
    paid = money_field("pago")
    paid_on = models.DateField("paga em", null=True, blank=True)
    status = models.CharField(
        "situação", max_length=10, choices=ParcelStatus, default=ParcelStatus.OPEN
    )
    # The installment that the ERP generated for it, by its number in the contract.
    erp_number = models.PositiveIntegerField("parcela no ERP", null=True, blank=True)

    class Meta:
        verbose_name = "parcela do acordo"
        verbose_name_plural = "parcelas do acordo"
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="parcel_number_uniq"),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & Q(paid__lte=F("amount")), name="parcel_paid_range"
            ),
            models.CheckConstraint(
                condition=~Q(status=ParcelStatus.PAID) | Q(paid=F("amount")),
                name="parcel_paid_in_full",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_date"], condition=Q(status="open"), name="parcel_due_idx"
            )
        ]

    def __str__(self) -> str:
        return "Entrada" if self.number == 0 else str(self.number)

    @property
    def remaining(self) -> Decimal:
        """What is still to be paid of it; nothing of one that was called off."""
        return self.amount - self.paid if self.status == ParcelStatus.OPEN else ZERO


class AgreementPayment(AgencyModel):
    """Pagamento de acordo: money received for one parcel; a reversal keeps the row."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="payments", verbose_name="acordo"
    )
    parcel = models.ForeignKey(
        AgreementInstallment, models.PROTECT, related_name="payments", verbose_name="parcela"
    )
    paid_on = models.DateField("data")
    amount = models.DecimalField("valor", max_digits=14, decimal_places=2)
    means = models.CharField("forma", max_length=40, default="Dinheiro")
    note = models.CharField("observação", max_length=200, blank=True)
    recorded_by = user_field("por")
    created_at = models.DateTimeField("registrado em", db_default=Now(), editable=False)
    reversed_on = models.DateField("estornado em", null=True, blank=True)
    reversed_by = user_field("estornado por")

    class Meta:
        verbose_name = "pagamento de acordo"
        verbose_name_plural = "pagamentos de acordo"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="agreementpayment_positive")
        ]

    def __str__(self) -> str:
        return f"{self.amount} em {self.paid_on:%d/%m/%Y}"
