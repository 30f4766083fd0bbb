"""Law of contact: rules by state, holidays, what the office adds, and every attempt decided."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, AppendOnlyModel, TimestampedModel
from cobranca.common.places import STATE_CHOICES
from cobranca.debtors.models import Debtor, EmailAddress, Phone
from cobranca.dunning.states import Channel

AT_LEAST_ONE = MinValueValidator(1, "Ao menos 1: para não contatar ninguém há bloqueios.")


class Certainty(models.TextChoices):
    """How well a norm is known (reference/erps.md, 6.1)."""

    VERIFIED = "verified", "Texto conferido"
    SECONDARY = "secondary", "Fonte secundária"
    INFERRED = "inferred", "Boa prática"
    UNCONFIRMED = "unconfirmed", "Não confirmada"


class ContactRule(TimestampedModel):
    """When a state allows collection contact; the nation's default has no state.

    The law is the same for every agency. A day without both hours is closed; the end is exclusive.
    """

    state = models.CharField("UF", max_length=2, choices=STATE_CHOICES, blank=True)
    norm = models.CharField("norma", max_length=120)
    source = models.CharField("fonte", max_length=200, blank=True)
    certainty = models.CharField("certeza", max_length=11, choices=Certainty)
    covers_call = models.BooleanField("ligações", default=True)
    covers_sms = models.BooleanField("SMS", default=False)
    covers_whatsapp = models.BooleanField("WhatsApp", default=False)
    covers_email = models.BooleanField("e-mail", default=False)
    weekday_from = models.TimeField("dias úteis, das", null=True, blank=True)
    weekday_to = models.TimeField("dias úteis, até", null=True, blank=True)
    saturday_from = models.TimeField("sábado, das", null=True, blank=True)
    saturday_to = models.TimeField("sábado, até", null=True, blank=True)
    sunday_from = models.TimeField("domingo, das", null=True, blank=True)
    sunday_to = models.TimeField("domingo, até", null=True, blank=True)
    holiday_from = models.TimeField("feriado, das", null=True, blank=True)
    holiday_to = models.TimeField("feriado, até", null=True, blank=True)
    recording_required = models.BooleanField("exige gravação", default=False)
    recording_days = models.PositiveSmallIntegerField(
        "gravação em (dias úteis)", null=True, blank=True
    )
    valid_from = models.DateField("vale desde")
    valid_to = models.DateField("vale até", null=True, blank=True)
    is_active = models.BooleanField("em uso", default=True)
    note = models.TextField("observação", blank=True)

    class Meta:
        verbose_name = "regra de contato"
        verbose_name_plural = "regras de contato"
        ordering = ["state", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "norm", "valid_from"], name="contactrule_state_norm_uniq"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="contactrule_ends_after_start",
                violation_error_message="O fim da vigência é antes do início.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state or 'Brasil'}: {self.norm}"


class HolidayScope(models.TextChoices):
    NATIONAL = "national", "Nacional"
    STATE = "state", "Estadual"
    MUNICIPAL = "municipal", "Municipal"


class LegalHoliday(models.Model):
    """A day on which the law counts as a holiday, for the nation, a state or a municipality."""

    scope = models.CharField("abrangência", max_length=9, choices=HolidayScope)
    state = models.CharField("UF", max_length=2, choices=STATE_CHOICES, blank=True)
    city = models.CharField("município", max_length=80, blank=True)
    ibge_code = models.CharField("código IBGE", max_length=7, blank=True)
    day = models.DateField("data")
    name = models.CharField("feriado", max_length=80)
    source = models.CharField("fonte", max_length=120, blank=True)
    # No holiday by law, but a day on which most places rest: closed all the same.
    is_optional = models.BooleanField("ponto facultativo", default=False)
    is_active = models.BooleanField("vale como feriado", default=True)

    class Meta:
        verbose_name = "feriado legal"
        verbose_name_plural = "feriados legais"
        ordering = ["-day", "scope"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "state", "city", "day"], name="legalholiday_place_day_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} · {self.name}"


class ContactPolicy(AgencyModel, TimestampedModel):
    """What an agency adds to the law; it can only be stricter. One row per agency."""

    window_for_sms = models.BooleanField("horário legal também para SMS", default=True)
    window_for_whatsapp = models.BooleanField("horário legal também para WhatsApp", default=True)
    window_for_email = models.BooleanField("horário legal também para e-mail", default=False)
    earliest = models.TimeField("nunca antes das", null=True, blank=True)
    latest = models.TimeField("nunca depois das", null=True, blank=True)
    daily_cap = models.PositiveSmallIntegerField(
        "contatos por pessoa ao dia", default=3, validators=[AT_LEAST_ONE]
    )
    weekly_cap = models.PositiveSmallIntegerField(
        "contatos por pessoa em sete dias", default=10, validators=[AT_LEAST_ONE]
    )
    minutes_between = models.PositiveSmallIntegerField("minutos entre contatos", default=60)

    class Meta:
        verbose_name = "política de contato"
        verbose_name_plural = "políticas de contato"
        constraints = [models.UniqueConstraint(fields=["agency"], name="contactpolicy_agency_uniq")]

    def __str__(self) -> str:
        return str(self.agency_id)


class ContactAttempt(AgencyModel, AppendOnlyModel):
    """One outbound contact asked for by a person or a sender, and what was decided and why."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="attempts", verbose_name="devedor", db_index=False
    )
    channel = models.CharField("canal", max_length=8, choices=Channel)
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
    actor = user_field("por")
    at = models.DateTimeField("quando")
    is_allowed = models.BooleanField("permitido")
    rule = models.CharField("regra", max_length=40, blank=True)
    reason = models.CharField("motivo", max_length=300, blank=True)
    # What was weighed: states, local times, windows, blocks, counts. Answers "why?".
    facts = models.JSONField("o que foi considerado", default=dict)
    created_at = models.DateTimeField("registrado em", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "tentativa de contato"
        verbose_name_plural = "tentativas de contato"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["debtor", "-at"], name="attempt_debtor_idx"),
            models.Index(
                fields=["agency", "-at"], condition=Q(is_allowed=False), name="attempt_refused_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.at:%d/%m/%Y %H:%M}"
