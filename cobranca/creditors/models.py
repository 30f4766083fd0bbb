"""Whose debts are collected, and how the office set each creditor up."""

from uuid import uuid4

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cobranca.common.fields import EncryptedTextField
from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.common.places import STATE_CHOICES


def logo_path(creditor: "Creditor", filename: str) -> str:
    """Return where a logo is kept: below its agency, under a name nobody can guess."""
    extension = filename.rpartition(".")[2].lower()
    return f"logos/{creditor.agency_id}/{uuid4().hex}.{extension}"


class CreditorTypeActivation(AgencyModel, TimestampedModel):
    """Tipo de credor switched on for an agency: one homologated integration."""

    code = models.CharField("tipo de credor", max_length=20)

    class Meta:
        verbose_name = "tipo de credor"
        verbose_name_plural = "tipos de credor"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="creditortype_agency_code_uniq")
        ]

    def __str__(self) -> str:
        return self.code


class Creditor(AgencyModel, TimestampedModel):
    """Credor: the company that is owed; in Sienge, an "empresa"."""

    document = models.CharField("CNPJ", max_length=14)
    legal_name = models.CharField("razão social", max_length=150)
    trade_name = models.CharField("nome fantasia", max_length=150, blank=True)
    creditor_type = models.CharField("tipo de credor", max_length=20, blank=True)
    external_code = models.CharField("código", max_length=40, blank=True)
    acronym = models.CharField("sigla", max_length=10, blank=True)
    is_active = models.BooleanField("ativo", default=True)
    postal_code = models.CharField("CEP", max_length=8, blank=True)
    street = models.CharField("endereço", max_length=150, blank=True)
    street_number = models.CharField("número", max_length=20, blank=True)
    complement = models.CharField("complemento", max_length=80, blank=True)
    district = models.CharField("bairro", max_length=80, blank=True)
    city = models.CharField("cidade", max_length=80, blank=True)
    state = models.CharField("UF", max_length=2, choices=STATE_CHOICES, blank=True)
    phone = models.CharField("telefone", max_length=20, blank=True)
    email = models.EmailField("e-mail", blank=True)
    logo = models.FileField(
        "logo",
        upload_to=logo_path,
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])],
    )
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = "credor"
        verbose_name_plural = "credores"
        ordering = ["legal_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "creditor_type", "external_code"],
                condition=~Q(creditor_type=""),
                name="creditor_external_code_uniq",
                violation_error_message="Já existe um credor deste tipo com este código.",
            )
        ]

    def __str__(self) -> str:
        return self.trade_name or self.legal_name


class Branch(AgencyModel, TimestampedModel):
    """Filial: an enterprise or cost centre of the creditor."""

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="branches", verbose_name="credor"
    )
    code = models.CharField("código", max_length=40)
    name = models.CharField("nome", max_length=150)
    acronym = models.CharField("sigla", max_length=10, blank=True)
    document = models.CharField("CNPJ", max_length=14, blank=True)
    is_active = models.BooleanField("ativa", default=True)
    source = models.CharField(
        "origem",
        max_length=10,
        choices=[("user", "Cadastro manual"), ("import", "Importação")],
        default="user",
        editable=False,
    )
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = "filial"
        verbose_name_plural = "filiais"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["creditor", "code"], name="branch_creditor_code_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class ContractType(AgencyModel, TimestampedModel):
    """Tipo de contrato: the kind of debt; part of a contract's key."""

    code = models.CharField("código", max_length=20)
    name = models.CharField("nome", max_length=80)
    creditor_type = models.CharField("tipo de credor", max_length=20, blank=True)
    is_validated = models.BooleanField("validado", default=False)

    class Meta:
        verbose_name = "tipo de contrato"
        verbose_name_plural = "tipos de contrato"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "creditor_type", "code"], name="contracttype_code_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class ContractTypeAttribute(AgencyModel):
    """One attribute of the product sold under a contract type (a unit's area, registry…)."""

    contract_type = models.ForeignKey(
        ContractType, models.CASCADE, related_name="attributes", verbose_name="tipo de contrato"
    )
    key = models.CharField("identificador", max_length=40)
    label = models.CharField("atributo", max_length=80)
    is_key = models.BooleanField("chave", default=False)
    position = models.PositiveSmallIntegerField("ordem", default=0)

    class Meta:
        verbose_name = "atributo"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract_type", "key"], name="attribute_key_uniq")
        ]

    def __str__(self) -> str:
        return self.label


class ParameterValue(AgencyModel, TimestampedModel):
    """The value an agency gave to a declared parameter, for itself or for one creditor."""

    creditor = models.ForeignKey(
        Creditor,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parameter_values",
        verbose_name="credor",
    )
    section = models.CharField("configuração", max_length=60)
    key = models.CharField("parâmetro", max_length=60)
    # Encrypted for every parameter: whether one is secret is declared in code and may change.
    value = EncryptedTextField("valor", blank=True)
    # Written by "configurações automáticas"; somebody has to confirm it.
    needs_validation = models.BooleanField("a validar", default=False)

    class Meta:
        verbose_name = "parâmetro"
        ordering = ["section", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "creditor", "section", "key"],
                name="parameter_key_uniq",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.key}"
