"""What is owed: contracts, installments, receipts, recalls, and the timeline."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, AppendOnlyModel, TimestampedModel
from cobranca.contracts.states import (
    ContractKind,
    ContractStatus,
    InstallmentStatus,
    RecallReason,
    SyncStatus,
)
from cobranca.creditors.models import Branch, ContractType, Creditor
from cobranca.debtors.models import Debtor

NOTHING = Decimal("0.00")


class AgencyRecallReason(AgencyModel):
    """A reason for recalls that an agency added to the built-in ones."""

    code = models.SlugField("código", max_length=20)
    label = models.CharField("motivo", max_length=60)

    class Meta:
        verbose_name = "motivo de devolução"
        verbose_name_plural = "motivos de devolução"
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="recallreason_code_uniq")
        ]

    def __str__(self) -> str:
        return self.label


class Contract(AgencyModel, TimestampedModel):
    """Contrato: a title of the creditor's ERP, with its debtor."""

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="contracts", verbose_name="credor"
    )
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="filial",
    )
    contract_type = models.ForeignKey(
        ContractType, models.PROTECT, related_name="contracts", verbose_name="tipo de contrato"
    )
    debtor = models.ForeignKey(
        Debtor, models.PROTECT, related_name="contracts", verbose_name="devedor"
    )
    number = models.CharField("número", max_length=40)
    kind = models.CharField(
        "espécie", max_length=10, choices=ContractKind, default=ContractKind.SALE
    )
    status = models.CharField(
        "situação", max_length=8, choices=ContractStatus, default=ContractStatus.ACTIVE
    )
    external_id = models.CharField("código no ERP", max_length=40, blank=True)
    external_debtor = models.CharField("cliente no ERP", max_length=40, blank=True)
    # False once the contract was transferred to another debtor: the ERP's code is the new one's.
    is_current = models.BooleanField("atual", default=True)
    document_number = models.CharField("documento", max_length=40, blank=True)
    unit = models.CharField("unidade", max_length=60, blank=True)
    issued_on = models.DateField("emissão", null=True, blank=True)
    finished_on = models.DateField("finalizado em", null=True, blank=True)
    attributes = models.JSONField("atributos do produto", default=dict, blank=True)

    class Meta:
        verbose_name = "contrato"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "creditor", "debtor", "number", "contract_type"],
                name="contract_key_uniq",
            ),
            models.UniqueConstraint(
                fields=["creditor", "external_id"],
                condition=Q(is_current=True) & ~Q(external_id=""),
                name="contract_external_uniq",
            ),
            models.UniqueConstraint(fields=["id", "agency"], name="contract_id_agency_uniq"),
        ]

    def __str__(self) -> str:
        return self.number


class Negotiation(AgencyModel):
    """Negociação: one generation of a contract's installments (1 is the original sale)."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="negotiations", verbose_name="contrato"
    )
    number = models.PositiveSmallIntegerField("número", default=1)
    started_on = models.DateField("data", null=True, blank=True)
    finished_on = models.DateField("finalizada em", null=True, blank=True)
    # Generated in the ERP by an agreement made here: that agreement tells what happens to it.
    is_agreement = models.BooleanField("de acordo nosso", db_default=False)

    class Meta:
        verbose_name = "negociação"
        verbose_name_plural = "negociações"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"], name="negotiation_contract_number_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.number}"


class Installment(models.Model):
    """Parcela: what the ERP says is owed on one due date.

    `agency`, `contract` and `negotiation` are one composite foreign key (migration 0002), so
    that the database itself refuses a row of one agency under another's contract.
    """

    agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name="assessoria",
        db_constraint=False,
        db_index=False,
    )
    contract = models.ForeignKey(
        Contract,
        models.CASCADE,
        related_name="installments",
        verbose_name="contrato",
        db_constraint=False,
        db_index=False,
    )
    negotiation = models.PositiveSmallIntegerField("negociação", default=1)
    number = models.PositiveIntegerField("número")
    label = models.CharField("número exibido", max_length=20, blank=True)
    due_date = models.DateField("vencimento")
    principal = models.DecimalField("valor original", max_digits=14, decimal_places=2)
    balance = models.DecimalField("saldo", max_digits=14, decimal_places=2)
    # Received at the office and not yet seen in the ERP; the mirror takes it off as the ERP's
    # balance falls.
    credit = models.DecimalField(
        "recebido e não baixado no ERP", max_digits=14, decimal_places=2, db_default=0
    )
    note = models.CharField("observação", max_length=40, blank=True)
    status = models.CharField(
        "situação", max_length=10, choices=InstallmentStatus, default=InstallmentStatus.OPEN
    )
    has_boleto = models.BooleanField("boleto disponível", default=False)
    is_imported = models.BooleanField("veio do ERP", default=True)
    created_at = models.DateTimeField("criada em", db_default=Now(), editable=False)
    updated_at = models.DateTimeField("alterada em", db_default=Now(), editable=False)

    objects = ScopedManager(agency="agency")

    class Meta:
        verbose_name = "parcela"
        ordering = ["contract", "due_date", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"], name="installment_contract_number_uniq"
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0) & Q(principal__gte=0), name="installment_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(credit__gte=0), name="installment_credit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.number)

    @property
    def owed(self) -> Decimal:
        """What the debtor still owes of it, charges apart."""
        return max(self.balance - self.credit, NOTHING)


class Payment(AgencyModel):
    """Recebimento: one receipt that the ERP reported on an installment."""

    contract = models.ForeignKey(
        Contract,
        models.CASCADE,
        related_name="payments",
        verbose_name="contrato",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField("parcela")
    paid_on = models.DateField("data")
    sequence = models.PositiveIntegerField("sequência", default=0)
    kind = models.CharField("tipo de baixa", max_length=40)
    is_cash = models.BooleanField("dinheiro", default=True)
    gross = models.DecimalField("valor bruto", max_digits=14, decimal_places=2)
    net = models.DecimalField("valor líquido", max_digits=14, decimal_places=2)
    charges = models.DecimalField("encargos", max_digits=14, decimal_places=2, default=0)
    discount = models.DecimalField("desconto", max_digits=14, decimal_places=2, default=0)
    created_at = models.DateTimeField("registrado em", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "recebimento"
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number", "paid_on", "sequence", "kind"],
                name="payment_receipt_uniq",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.paid_on}"


class Recall(AgencyModel):
    """Devolução: an installment that went back to the creditor, and why."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="recalls", verbose_name="contrato"
    )
    number = models.PositiveIntegerField("parcela")
    reason = models.CharField("motivo", max_length=20, default=RecallReason.RECONCILIATION)
    recalled_on = models.DateField("data")
    note = models.CharField("observação", max_length=200, blank=True)
    reopened_on = models.DateField("reaberta em", null=True, blank=True)
    created_at = models.DateTimeField("registrada em", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "devolução"
        verbose_name_plural = "devoluções"
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "recalled_on"], name="recall_recalled_idx")]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.number}: {self.reason}"


class TitleReading(AgencyModel):
    """When a contract was last read by itself in the ERP, between two loads."""

    contract = models.OneToOneField(
        Contract, models.CASCADE, primary_key=True, related_name="reading", verbose_name="contrato"
    )
    read_at = models.DateTimeField("lido no ERP em")
    # The last reading that asked for its receipts, too: opening a debtor does not.
    receipts_at = models.DateTimeField("recebimentos lidos em", null=True, blank=True)

    class Meta:
        verbose_name = "leitura de título"
        verbose_name_plural = "leituras de títulos"

    def __str__(self) -> str:
        return str(self.contract_id)


class DebtorSync(AgencyModel):
    """The reading of a debtor's contracts that opening the page asked for (SIE-13): the latest."""

    debtor = models.OneToOneField(
        Debtor, models.CASCADE, primary_key=True, related_name="sync", verbose_name="devedor"
    )
    status = models.CharField(
        "situação", max_length=8, choices=SyncStatus, default=SyncStatus.QUEUED
    )
    requested_at = models.DateTimeField("pedida em")
    started_at = models.DateTimeField("início", null=True, blank=True)
    finished_at = models.DateTimeField("fim", null=True, blank=True)
    # The last one that ended well, and since when none did.
    synced_at = models.DateTimeField("conferido em", null=True, blank=True)
    failing_since = models.DateTimeField("sem resposta desde", null=True, blank=True)
    # Raised by whoever takes it up; one that comes back late can no longer write.
    attempt = models.PositiveIntegerField("tentativa", default=0)
    changed = models.BooleanField("mudou algo", default=False)
    message = models.CharField("mensagem", max_length=300, blank=True)

    class Meta:
        verbose_name = "sincronização de devedor"
        verbose_name_plural = "sincronizações de devedores"

    def __str__(self) -> str:
        return str(self.debtor_id)


class EventKind(models.TextChoices):
    IMPORT = "import", "Importação"
    SYNC = "sync", "Sincronização de Parcela(s)"
    RECALL = "recall", "Devolução"
    REOPEN = "reopen", "Reabertura"
    TRANSFER = "transfer", "Cessão de direitos"
    TERMINATION = "termination", "Distrato"
    PAYMENT = "payment", "Pagamento"
    DIRECT_PAYMENT = "direct_payment", "Pagamento Direto"
    AGREEMENT = "agreement", "Acordo"
    BREACH = "breach", "Quebra de Acordo"
    CONTACT = "contact", "Acionamento"
    CONTACT_DATA = "contact_data", "Atualização cadastral"
    NOTE = "note", "Anotação"
    NOTICE = "notice", "Aviso"
    BUREAU = "bureau", "Negativação"


class Event(AgencyModel, AppendOnlyModel):
    """One line of a debtor's timeline; a database trigger keeps it unalterable."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="events", verbose_name="devedor", db_index=False
    )
    contract = models.ForeignKey(
        Contract,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
        verbose_name="contrato",
    )
    kind = models.CharField("tipo", max_length=16, choices=EventKind)
    title = models.CharField("título", max_length=80, blank=True)
    text = models.TextField("descrição", blank=True)
    actor = user_field("por")
    happened_at = models.DateTimeField("quando", db_default=Now())

    class Meta:
        verbose_name = "evento"
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["debtor", "-happened_at", "-id"], name="event_debtor_idx")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
