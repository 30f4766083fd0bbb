"""How each creditor's debts are priced, and the quotes that were given."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from cobranca.accounts.columns import user_field
from cobranca.campaigns.brackets import (
    EARLIEST_DELAY,
    FEWEST_PARTS,
    LATEST_DELAY,
    MOST_PARTS,
    named,
)
from cobranca.campaigns.states import IndexKind, PlanKind
from cobranca.common.columns import percent_field
from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor


class IndexSeries(AgencyModel, TimestampedModel):
    """Índice de correção: IGP-M, INCC, IPCA… as one agency keeps it."""

    name = models.CharField("índice", max_length=40)
    kind = models.CharField(
        "valores", max_length=10, choices=IndexKind, default=IndexKind.VARIATION
    )
    # Number of the central bank's series; blank when the office imports it from a file.
    sgs_code = models.PositiveIntegerField("série no Banco Central (SGS)", null=True, blank=True)
    months_back = models.PositiveSmallIntegerField(
        "meses retroativos da data base", default=1, validators=[MaxValueValidator(12)]
    )
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = "índice de correção"
        verbose_name_plural = "índices de correção"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="indexseries_name_uniq",
                violation_error_message="Já existe um índice com este nome.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class IndexValue(AgencyModel):
    """The value of an index in one month (its first day)."""

    series = models.ForeignKey(
        IndexSeries, models.CASCADE, related_name="values", verbose_name="índice"
    )
    month = models.DateField("mês")
    value = models.DecimalField("valor", max_digits=18, decimal_places=8)
    source = models.CharField("origem", max_length=40, blank=True)
    created_at = models.DateTimeField("registrado em", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "valor do índice"
        verbose_name_plural = "valores do índice"
        ordering = ["series", "-month"]
        constraints = [
            models.UniqueConstraint(fields=["series", "month"], name="indexvalue_month_uniq"),
            models.CheckConstraint(condition=Q(month__day=1), name="indexvalue_month_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"


class Campaign(AgencyModel, TimestampedModel):
    """Campanha de cálculo: what a creditor charges and what it forgives, for a time.

    Empty filters mean every contract of the creditor.
    """

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="campaigns", verbose_name="credor"
    )
    name = models.CharField("nome", max_length=80)
    valid_from = models.DateField("vigência inicial")
    valid_to = models.DateField("vigência final", null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        "prioridade", default=0, help_text="A campanha de maior prioridade que servir é usada."
    )
    is_active = models.BooleanField("ativo", default=True)
    is_portal = models.BooleanField("campanha portal", default=False)
    contract_type_ids = ArrayField(
        models.BigIntegerField(), verbose_name="tipos de contrato", default=list, blank=True
    )
    branch_ids = ArrayField(
        models.BigIntegerField(), verbose_name="filiais", default=list, blank=True
    )
    index = models.ForeignKey(
        IndexSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name="índice de correção",
    )
    early_annual_percent = percent_field("deságio por antecipação (% ao ano)", at_most=900)
    # True from the first quote that was kept: it names the campaign, which then stays to be read.
    is_used = models.BooleanField("já usada em cálculos", default=False, editable=False)
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = "campanha de cálculo"
        verbose_name_plural = "campanhas de cálculo"
        ordering = ["creditor", "-priority", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["creditor", "name"],
                name="campaign_name_uniq",
                violation_error_message="Este credor já tem uma campanha com este nome.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="campaign_validity_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Bracket(AgencyModel):
    """Faixa: what holds from one number of days late to another, both included."""

    delay_from = models.SmallIntegerField("atraso de", default=EARLIEST_DELAY)
    delay_to = models.SmallIntegerField("atraso até", default=LATEST_DELAY)
    max_discount_principal = percent_field("desconto máximo no principal (%)")
    max_discount_penalty = percent_field("desconto máximo na multa (%)")
    max_discount_interest = percent_field("desconto máximo nos juros (%)")
    max_discount_fee = percent_field("desconto máximo nos honorários (%)")
    contract_type_ids = ArrayField(
        models.BigIntegerField(), verbose_name="tipos de contrato", default=list, blank=True
    )
    branch_ids = ArrayField(
        models.BigIntegerField(), verbose_name="filiais", default=list, blank=True
    )

    class Meta:
        abstract = True


class CashBracket(Bracket):
    """Faixa à vista: charges by days late, discounts allowed, share passed on to the office."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="cash_brackets", verbose_name="campanha"
    )
    penalty_percent = percent_field("multa (%)")
    monthly_interest_percent = percent_field("juros ao mês (%)")
    fee_percent = percent_field("honorários (%)")
    pass_on_principal = percent_field("repasse do principal (%)")
    pass_on_penalty = percent_field("repasse da multa (%)")
    pass_on_interest = percent_field("repasse dos juros (%)")
    pass_on_fee = percent_field("repasse dos honorários (%)")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "faixa à vista"
        verbose_name_plural = "faixas à vista"
        ordering = ["campaign", "delay_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delay_from__gte=EARLIEST_DELAY)
                & Q(delay_from__lte=F("delay_to"))
                & Q(delay_to__lte=LATEST_DELAY),
                name="cashbracket_delay_order",
            )
        ]

    def __str__(self) -> str:
        return named(vars(self))


class InstalmentBracket(Bracket):
    """Faixa do parcelado: how many parcels, what down payment, at what monthly rate."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="instalment_brackets", verbose_name="campanha"
    )
    parts_from = models.PositiveSmallIntegerField("parcelas de", default=FEWEST_PARTS)
    parts_to = models.PositiveSmallIntegerField("parcelas até", default=MOST_PARTS)
    allows_down_payment = models.BooleanField("permite entrada", default=True)
    min_down_payment_percent = percent_field("entrada mínima (%)")
    monthly_rate_percent = percent_field("taxa (% de juros ao mês)")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "faixa do parcelado"
        verbose_name_plural = "faixas do parcelado"
        ordering = ["campaign", "delay_from", "parts_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delay_from__gte=EARLIEST_DELAY)
                & Q(delay_from__lte=F("delay_to"))
                & Q(delay_to__lte=LATEST_DELAY),
                name="instalmentbracket_delay_order",
            ),
            models.CheckConstraint(
                condition=Q(parts_from__gte=FEWEST_PARTS)
                & Q(parts_from__lte=F("parts_to"))
                & Q(parts_to__lte=MOST_PARTS),
                name="instalmentbracket_parts_order",
            ),
        ]

    def __str__(self) -> str:
        return named(vars(self))


class ErpBalance(AgencyModel):
    """What a creditor's ERP answered for a contract's debt on a date: kept, so that changing
    a selection never asks again, and shown with its age."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="erp_balances", verbose_name="contrato"
    )
    on = models.DateField("data do cálculo")
    fetched_at = models.DateTimeField("consultado em")
    # False when the ERP has no late-payment terms for the contract: the campaign charges then.
    has_late_terms = models.BooleanField("acréscimos de mora no ERP", default=True)
    # List of {number, original, correction, charges, early_discount}; money as text.
    rows = models.JSONField("parcelas", default=list)

    class Meta:
        verbose_name = "saldo consultado no ERP"
        verbose_name_plural = "saldos consultados no ERP"
        ordering = ["-fetched_at"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "on"], name="erpbalance_contract_on_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} em {self.on:%d/%m/%Y}"


class Quote(AgencyModel):
    """Cálculo guardado: everything that went in, everything that came out, and the statement.

    Recomputing `inputs` with the same engine gives `result` to the cent, whatever campaigns say
    by then. Money inside the JSON is text.
    """

    debtor = models.ForeignKey(
        Debtor, models.PROTECT, related_name="quotes", verbose_name="devedor"
    )
    on = models.DateField("data do cálculo")
    plan = models.CharField("pagamento", max_length=12, choices=PlanKind, default=PlanKind.CASH)
    total = models.DecimalField("total", max_digits=14, decimal_places=2)
    engine = models.CharField("versão das regras", max_length=10)
    inputs = models.JSONField("entradas")
    result = models.JSONField("resultado")
    statement = models.JSONField("memória de cálculo")
    fingerprint = models.CharField("impressão", max_length=64)
    created_by = user_field("por")
    created_at = models.DateTimeField("feito em", db_default=Now(), editable=False)
    replayed_at = models.DateTimeField("conferido em", null=True, blank=True)
    # Empty while the recomputation agrees; else what differed.
    difference = models.CharField("diferença", max_length=300, blank=True)

    class Meta:
        verbose_name = "cálculo"
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "-created_at"], name="quote_recent_idx")]

    def __str__(self) -> str:
        return f"Cálculo {self.pk}"
