"""Forms of privacy and of merging."""

from datetime import date
from typing import Any

from django import forms

from cobranca.accounts.models import Agency, User
from cobranca.debtors.anonymising import NO_REASON, WORD


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class ReadingFilter(forms.Form):
    """Filters of the log of readings."""

    start = _day("De")
    end = _day("Até")
    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label="Quem", queryset=User.objects.none(), required=False, empty_label="Todos"
    )
    debtor = forms.CharField(
        label="Devedor",
        required=False,
        max_length=80,
        widget=forms.TextInput({"placeholder": "Nome, CPF/CNPJ ou código"}),
    )

    def __init__(self, data: Any, *, agency: Agency, on: date) -> None:
        super().__init__(data or {"start": on.isoformat(), "end": on.isoformat()})
        people = User.objects.filter(agency=agency).order_by("username")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """Return what is valid of the filters; what is not shows its error at its field."""
        self.is_valid()
        return self.cleaned_data


class ReasonForm(forms.Form):
    """Why it is done."""

    reason = forms.CharField(label="Motivo", max_length=200, required=False)


class RequestForm(forms.Form):
    """Who asked for a person's data, and how."""

    reason = forms.CharField(
        label="Pedido",
        max_length=200,
        error_messages={"required": NO_REASON},
        help_text="Quem pediu, quando e por qual canal.",
    )


class AnonymiseForm(RequestForm):
    """The same, and a word that nobody types by chance."""

    typed = forms.CharField(
        label=f"Digite {WORD} para confirmar",
        max_length=20,
        error_messages={"required": f"Digite {WORD} para confirmar: não há como desfazer."},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
