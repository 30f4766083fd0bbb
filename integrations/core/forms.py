"""Forms of the back office."""

from datetime import date, timedelta
from typing import Any

from django import forms

from cobranca.accounts.models import Agency
from cobranca.creditors.models import Creditor
from integrations.core import registry, selectors


class ImportForm(forms.Form):
    """Nova importação: credor, layout, batimento, simulação."""

    creditor: "forms.ModelChoiceField[Creditor]" = forms.ModelChoiceField(
        label="Credor", queryset=Creditor.objects.none(), empty_label="Escolha o credor"
    )
    layout = forms.ChoiceField(label="Layout")
    full = forms.BooleanField(
        label="Arquivo de batimento",
        required=False,
        help_text="Lê a carteira inteira e devolve o que não consta mais no ERP.",
    )
    dry_run = forms.BooleanField(
        label="Somente simular",
        required=False,
        help_text="Mostra o que mudaria, sem alterar nada.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [entry.creditor_type for entry in registry.entries()]
        creditors = Creditor.objects.filter(is_active=True, creditor_type__in=types)
        self.fields["creditor"].queryset = creditors  # type: ignore[attr-defined]
        self.fields["layout"].choices = [  # type: ignore[attr-defined]
            layout for entry in registry.entries() for layout in entry.layouts
        ]


class LogFilter(forms.Form):
    """Filters of Log Integração (Gerais)."""

    start = forms.DateField(
        label="De", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label="Até", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label="Tipo", required=False)
    method = forms.ChoiceField(label="Método", required=False)
    only_errors = forms.BooleanField(label="Somente com erros", required=False)
    terms = forms.CharField(
        label="Termos para pesquisa",
        required=False,
        max_length=80,
        widget=forms.TextInput({"placeholder": "Número do contrato, URL…"}),
    )

    def __init__(self, data: Any, *, agency: Agency, on: date) -> None:
        super().__init__(data or _week_until(on))
        for name, values in zip(("kind", "method"), selectors.log_choices(agency), strict=True):
            choices = [("", "Todos"), *((value, value) for value in values)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """Return what is valid of the filters; what is not shows its error at its field."""
        self.is_valid()
        return self.cleaned_data


def _week_until(on: date) -> dict[str, str]:
    return {"start": (on - timedelta(days=7)).isoformat(), "end": on.isoformat()}
