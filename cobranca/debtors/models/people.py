"""Who owes, and how to reach them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.common.places import STATE_CHOICES


class Source(models.TextChoices):
    """Where a piece of contact data came from."""

    ERP = "erp", "ERP"
    USER = "user", "Usuário"
    HYGIENE = "hygiene", "Higienização"
    WEBHOOK = "webhook", "Webhook"


class PersonKind(models.TextChoices):
    NATURAL = "natural", "Física"
    LEGAL = "legal", "Jurídica"


class PhoneKind(models.TextChoices):
    MOBILE = "mobile", "Móvel"
    LANDLINE = "landline", "Fixo"
    HOME = "home", "Residencial"
    WORK = "work", "Comercial"
    OTHER = "other", "Outro"


class AddressKind(models.TextChoices):
    HOME = "home", "Residencial"
    WORK = "work", "Comercial"
    OTHER = "other", "Outro"


class PersonRole(models.TextChoices):
    SPOUSE = "spouse", "Cônjuge"
    PARTNER = "partner", "Sócio ou representante"
    CO_BUYER = "co_buyer", "Comprador conjunto"
    PROXY = "proxy", "Procurador"
    REFERENCE = "reference", "Referência"
    GUARANTOR = "guarantor", "Avalista"


class Debtor(AgencyModel, TimestampedModel):
    """Devedor: one per document and agency, whatever the number of creditors."""

    document = models.CharField("CPF/CNPJ", max_length=14, blank=True)
    name = models.CharField("nome", max_length=150)
    kind = models.CharField("pessoa", max_length=8, choices=PersonKind, default=PersonKind.NATURAL)
    social_name = models.CharField("nome social ou fantasia", max_length=150, blank=True)
    birth_date = models.DateField("nascimento", null=True, blank=True)
    details = models.JSONField("dados", default=dict, blank=True)
    # Who this one was found to be; everything of theirs hangs on that other debtor now.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name="unificado em",
        db_index=False,
    )
    anonymised_at = models.DateTimeField("anonimizado em", null=True, blank=True, editable=False)
    # Keyed digest of the document of one who was anonymised; "" of everybody else.
    document_digest = models.CharField(max_length=64, db_default="", blank=True, editable=False)

    class Meta:
        verbose_name = "devedor"
        verbose_name_plural = "devedores"
        ordering = ["name", "id"]
        permissions = [
            ("see_personal", "Vê documentos, telefones e e-mails por inteiro"),
            ("reveal_personal", "Revela dados mascarados, registrando por quê"),
        ]
        # Nearly nobody is merged or anonymised: nothing is indexed of the others.
        indexes = [
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="debtor_merged_idx",
            ),
            models.Index(
                fields=["agency", "document_digest"],
                condition=~Q(document_digest=""),
                name="debtor_digest_idx",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "document"],
                condition=~Q(document=""),
                name="debtor_agency_document_uniq",
            ),
            # Target of composite keys: a child row cannot name another agency's debtor.
            models.UniqueConstraint(fields=["id", "agency"], name="debtor_id_agency_uniq"),
        ]

    def __str__(self) -> str:
        return self.name


class DebtorReference(AgencyModel):
    """How one ERP names a debtor; a person registered twice there has two."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="references", verbose_name="devedor"
    )
    system = models.CharField("sistema", max_length=20)
    external_id = models.CharField("código no sistema", max_length=40)
    # Whose it was before two were found to be one person.
    merged_from = models.ForeignKey(
        Debtor,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="veio de",
        db_index=False,
    )

    class Meta:
        verbose_name = "código no ERP"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "system", "external_id"], name="debtorref_external_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.external_id}"


class ContactModel(AgencyModel, TimestampedModel):
    """A piece of contact data: who said it, and whether it is still believed.

    `external_id` is the ERP's customer that has it as it stands here; "" while the ERP does not.
    """

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="%(class)s_set", verbose_name="devedor"
    )
    source = models.CharField("origem", max_length=8, choices=Source, default=Source.USER)
    external_id = models.CharField("cliente no ERP", max_length=40, blank=True)
    is_main = models.BooleanField("principal", default=False)
    is_active = models.BooleanField("ativo", default=True)
    note = models.CharField("observação", max_length=80, blank=True)

    class Meta:
        abstract = True


class Phone(ContactModel):
    """Telefone, as DDD and number in digits."""

    number = models.CharField("número", max_length=15)
    kind = models.CharField("tipo", max_length=8, choices=PhoneKind, default=PhoneKind.OTHER)

    class Meta:
        verbose_name = "telefone"
        ordering = ["-is_active", "-is_main", "id"]
        constraints = [
            models.UniqueConstraint(fields=["debtor", "number"], name="phone_debtor_number_uniq")
        ]

    def __str__(self) -> str:
        return self.number


class EmailAddress(ContactModel):
    """E-mail, lower case."""

    email = models.EmailField("e-mail", max_length=150)

    class Meta:
        verbose_name = "e-mail"
        ordering = ["-is_active", "-is_main", "id"]
        constraints = [
            models.UniqueConstraint(fields=["debtor", "email"], name="email_debtor_email_uniq")
        ]

    def __str__(self) -> str:
        return self.email


class Address(ContactModel):
    """Endereço; `fingerprint` tells two spellings of one place from two places."""

    kind = models.CharField("tipo", max_length=8, choices=AddressKind, default=AddressKind.HOME)
    street = models.CharField("logradouro", max_length=150)
    street_number = models.CharField("número", max_length=20, blank=True)
    complement = models.CharField("complemento", max_length=80, blank=True)
    district = models.CharField("bairro", max_length=80, blank=True)
    city = models.CharField("cidade", max_length=80, blank=True)
    state = models.CharField("UF", max_length=2, choices=STATE_CHOICES, blank=True)
    postal_code = models.CharField("CEP", max_length=8, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = "endereço"
        ordering = ["-is_active", "-is_main", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["debtor", "fingerprint"], name="address_debtor_place_uniq"
            )
        ]

    def __str__(self) -> str:
        return f"{self.street}, {self.street_number}"


class RelatedPerson(AgencyModel, TimestampedModel):
    """Cônjuge, sócio, procurador, referência ou avalista of a debtor."""

    debtor = models.ForeignKey(
        Debtor, models.CASCADE, related_name="related_people", verbose_name="devedor"
    )
    role = models.CharField("vínculo", max_length=10, choices=PersonRole)
    name = models.CharField("nome", max_length=150)
    document = models.CharField("CPF/CNPJ", max_length=14, blank=True)
    phone = models.CharField("telefone", max_length=15, blank=True)
    email = models.CharField("e-mail", max_length=150, blank=True)
    note = models.CharField("observação", max_length=80, blank=True)
    source = models.CharField("origem", max_length=8, choices=Source, default=Source.USER)
    is_active = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "pessoa relacionada"
        verbose_name_plural = "pessoas relacionadas"
        ordering = ["role", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["debtor", "role", "name"], name="relatedperson_role_name_uniq"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DebtorSummary(AgencyModel):
    """One narrow row per debtor for lists, search and queue; kept by services and mirror."""

    debtor = models.OneToOneField(
        Debtor, models.CASCADE, primary_key=True, related_name="summary", verbose_name="devedor"
    )
    open_total = models.DecimalField("total em aberto", max_digits=16, decimal_places=2, default=0)
    open_count = models.PositiveIntegerField("parcelas em aberto", default=0)
    contract_count = models.PositiveIntegerField("contratos em aberto", default=0)
    oldest_due_date = models.DateField("vencimento mais antigo", null=True, blank=True)
    last_contact_at = models.DateTimeField("último contato", null=True, blank=True)
    next_promise_on = models.DateField("próxima promessa", null=True, blank=True)
    # A block of all channels is in force.
    is_blocked = models.BooleanField("bloqueado", db_default=False)
    search = SearchVectorField("pesquisa", null=True)

    class Meta:
        verbose_name = "resumo do devedor"
        indexes = [
            GinIndex(fields=["search"], name="summary_search_idx", fastupdate=False),
            models.Index(fields=["agency", "oldest_due_date"], name="summary_oldest_idx"),
        ]

    def __str__(self) -> str:
        return str(self.debtor_id)


class DebtorStanding(AgencyModel):
    """Where a debtor stands among those who owe most, for searches that many debtors meet.

    Written by the database alone (migration 0007) whenever a summary changes. Apart from the
    summary, so that a payment moves one narrow row and not every word of the debtor.
    """

    summary = models.OneToOneField(
        DebtorSummary,
        models.CASCADE,
        primary_key=True,
        db_column="debtor_id",
        related_name="standing",
        verbose_name="resumo",
        db_constraint=False,  # goes with its summary, whoever deletes that: migration 0007
    )
    open_total = models.DecimalField("total em aberto", max_digits=16, decimal_places=2, default=0)
    # One of 64 bits for the beginning of each word: who lacks a bit lacks the word.
    words = models.BigIntegerField("palavras", default=0)
    agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        verbose_name="assessoria",
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = "lugar entre os devedores"
        verbose_name_plural = "lugares entre os devedores"
        indexes = [
            models.Index(
                fields=["agency", "-open_total", "summary"],
                include=["words"],
                name="standing_largest_idx",
            ),
        ]

    def __str__(self) -> str:
        return str(self.summary_id)
