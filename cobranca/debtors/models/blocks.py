"""What a debtor must not be contacted by, since when, and who said so."""

from django.db import models
from django.db.models import Q

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.debtors.models.people import Debtor, Phone


class BlockScope(models.TextChoices):
    GENERAL = "general", "Geral"
    PHONE = "phone", "Telefone"
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"


class BlockSource(models.TextChoices):
    DEBTOR = "debtor", "Pedido do devedor"
    REGISTER = "register", "Cadastro Não Me Ligue"
    CREDITOR = "creditor", "Pedido do credor"
    COURT = "court", "Ordem judicial"
    LAWYER = "lawyer", "Representado por advogado"
    DECEASED = "deceased", "Falecido"
    OFFICE = "office", "Decisão do escritório"


class ContactBlock(AgencyModel, TimestampedModel):
    """Bloqueio: a channel, or all of them, closed for a debtor or for one of their numbers."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="blocks", verbose_name="devedor"
    )
    scope = models.CharField("alcance", max_length=8, choices=BlockScope)
    # Only this number; the others of the debtor stay open.
    phone = models.ForeignKey(
        Phone,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="blocks",
        verbose_name="somente o número",
    )
    source = models.CharField("origem", max_length=8, choices=BlockSource)
    reason = models.CharField("motivo", max_length=200, blank=True)
    starts_on = models.DateField("vale desde")
    ends_on = models.DateField("vale até", null=True, blank=True)
    created_by = user_field("por")
    lifted_at = models.DateTimeField("retirado em", null=True, blank=True)
    lifted_by = user_field("retirado por")

    class Meta:
        verbose_name = "bloqueio de contato"
        verbose_name_plural = "bloqueios de contato"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="block_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | ~Q(scope__in=["general", "email"]),
                name="block_of_a_number_is_of_a_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.get_scope_display()
