"""What collectors type. Rules are the services'; here only shapes and words."""

from typing import Any

from django import forms

from cobranca.common.forms import PhoneField, PostalCodeField
from cobranca.common.places import STATE_CHOICES
from cobranca.contracts.models import Contract
from cobranca.contracts.services import NOTE_LIMIT, TITLE_LIMIT
from cobranca.debtors.contacts import ADDRESS, EMAIL, PHONE
from cobranca.debtors.models import AddressKind, PhoneKind


class NoteForm(forms.Form):
    """A note on the timeline."""

    text = forms.CharField(
        label="O que aconteceu",
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Escreva o que aconteceu."},
    )
    title = forms.CharField(label="Título", max_length=TITLE_LIMIT, required=False)
    contract = forms.TypedChoiceField(
        label="Contrato",
        coerce=int,
        empty_value=None,
        required=False,
        # The calculation has a field of this name on the same page.
        widget=forms.Select(attrs={"id": "note_contract"}),
    )

    def __init__(self, *args: Any, contracts: list[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(contract.pk, contract.number) for contract in contracts]
        self.fields["contract"].choices = [("", "Nenhum"), *chosen]  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """What every kind of contact data has."""

    note = forms.CharField(label="Observação", max_length=80, required=False)
    is_main = forms.BooleanField(label="Principal", required=False)


class PhoneForm(ContactForm):
    """A phone."""

    number = PhoneField(
        label="Número",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Informe o telefone com DDD."},
    )
    kind = forms.ChoiceField(label="Tipo", choices=PhoneKind, initial=PhoneKind.MOBILE)
    field_order = ("number", "kind", "note", "is_main")


class EmailForm(ContactForm):
    """An e-mail."""

    email = forms.CharField(
        label="E-mail",
        max_length=150,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        error_messages={"required": "Informe o e-mail."},
    )
    field_order = ("email", "note", "is_main")


class AddressForm(ContactForm):
    """An address."""

    kind = forms.ChoiceField(label="Tipo", choices=AddressKind)
    postal_code = PostalCodeField(label="CEP", required=False)
    street = forms.CharField(
        label="Logradouro", max_length=150, error_messages={"required": "Informe o logradouro."}
    )
    street_number = forms.CharField(label="Número", max_length=20, required=False)
    complement = forms.CharField(label="Complemento", max_length=80, required=False)
    district = forms.CharField(label="Bairro", max_length=80, required=False)
    city = forms.CharField(label="Cidade", max_length=80, required=False)
    state = forms.ChoiceField(label="UF", choices=[("", "–"), *STATE_CHOICES], required=False)
    field_order = ("kind", "postal_code", "street", "street_number", "complement", "district")


FORMS: dict[str, type[ContactForm]] = {
    PHONE.slug: PhoneForm,
    EMAIL.slug: EmailForm,
    ADDRESS.slug: AddressForm,
}
