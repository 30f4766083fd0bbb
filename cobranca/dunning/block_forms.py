"""What is typed of a block. Rules are the service's; here only shapes and words."""

from typing import Any

from django import forms

from cobranca.common.errors import DomainError
from cobranca.common.phones import format_phone
from cobranca.debtors.blocks import LONGEST_REASON, BlockWanted
from cobranca.debtors.models import BlockScope, BlockSource, Phone

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_BAD_DATE = {"invalid": "Data inválida."}


class BlockForm(forms.Form):
    """What to close, at whose wish, from when to when."""

    scope = forms.ChoiceField(label="Bloquear", choices=BlockScope, initial=BlockScope.GENERAL)
    phone = forms.TypedChoiceField(
        label="Somente o número", coerce=int, empty_value=None, required=False
    )
    source = forms.ChoiceField(label="A pedido de", choices=BlockSource)
    starts_on = forms.DateField(
        label="Vale desde",
        required=False,
        widget=DATE,
        error_messages=_BAD_DATE,
        help_text="Vazio: hoje; do Não Me Ligue, em 30 dias.",
    )
    ends_on = forms.DateField(
        label="Vale até",
        required=False,
        widget=DATE,
        error_messages=_BAD_DATE,
        help_text="Vazio: sem data para acabar.",
    )
    reason = forms.CharField(label="Motivo", max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, phones: list[Phone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phones = {phone.pk: phone for phone in phones}
        chosen = [(phone.pk, format_phone(phone.number)) for phone in phones]
        self.fields["phone"].choices = [("", "Todos"), *chosen]  # type: ignore[attr-defined]

    def wanted(self) -> BlockWanted:
        """Return what was typed for the service."""
        told = self.cleaned_data
        return BlockWanted(**{**told, "phone": self._phones.get(told["phone"])})

    def put(self, error: DomainError) -> None:
        """Show a broken rule at its field."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class LiftForm(forms.Form):
    """Why a block is taken away."""

    reason = forms.CharField(
        label="Por que retirar",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"data-focus": ""}),
        error_messages={"required": "Diga por que o bloqueio é retirado."},
    )
