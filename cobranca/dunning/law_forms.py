"""What people ask of the law of contact, and how they narrow the list of refusals."""

from typing import Any

from django import forms

from cobranca.common.places import STATE_CHOICES
from cobranca.debtors.models import Phone
from cobranca.dunning.contact_law import AREA_CODE_STATE
from cobranca.dunning.saying import FAMILIES
from cobranca.dunning.states import Channel

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class QuestionForm(forms.Form):
    """May I contact: a debtor, or a place, by a channel at an instant (empty: now)."""

    canal = forms.ChoiceField(label="Canal", choices=Channel, initial=Channel.CALL, required=False)
    quando = forms.DateTimeField(
        label="Quando",
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Informe dia e hora."},
        help_text="Horário de Brasília; vazio é agora.",
    )

    def clean_canal(self) -> str:
        """Ask about calls unless told otherwise."""
        return str(self.cleaned_data.get("canal") or Channel.CALL)


class PlaceForm(QuestionForm):
    """A place instead of a debtor."""

    uf = forms.ChoiceField(
        label="UF de residência", choices=[("", "Desconhecida"), *STATE_CHOICES], required=False
    )
    ddd = forms.CharField(
        label="DDD discado",
        max_length=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("uf", "ddd", "canal", "quando")

    def clean_ddd(self) -> str:
        """Refuse what is no area code."""
        code = str(self.cleaned_data["ddd"])
        if code and code not in AREA_CODE_STATE:
            raise forms.ValidationError("DDD inexistente.")
        return code


class DebtorForm(QuestionForm):
    """A debtor, by one of their numbers."""

    telefone = forms.TypedChoiceField(
        label="Telefone", coerce=int, empty_value=None, required=False
    )
    field_order = ("telefone", "canal", "quando")

    def __init__(self, *args: Any, phones: list[tuple[Phone, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(phone.pk, shown) for phone, shown in phones]
        self.fields["telefone"].choices = [("", "Principal"), *chosen]  # type: ignore[attr-defined]


class RefusalsForm(forms.Form):
    """Which refusals to list."""

    regra = forms.ChoiceField(
        label="Regra", choices=[("", "Todas"), *FAMILIES.items()], required=False
    )
    canal = forms.ChoiceField(
        label="Canal", choices=[("", "Todos"), *Channel.choices], required=False
    )
    quem = forms.TypedChoiceField(label="Pedido por", coerce=int, empty_value=None, required=False)
    de = forms.DateField(label="De", required=False, widget=DATE)
    ate = forms.DateField(label="Até", required=False, widget=DATE)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", "Todos"), ("0", "Automático"), *people]
        self.fields["quem"].choices = known  # type: ignore[attr-defined]
