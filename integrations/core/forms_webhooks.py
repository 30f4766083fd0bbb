"""Filters of the log of announcements."""

from datetime import date, timedelta
from typing import Any

from django import forms

from integrations.core.inbox import selectors
from integrations.core.states import DeliveryStatus


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class RefusalFilter(forms.Form):
    """A period: the last week when nothing is said."""

    start = _day("De")
    end = _day("Até")

    def __init__(self, data: Any, *, on: date) -> None:
        week = {"start": (on - timedelta(days=7)).isoformat(), "end": on.isoformat()}
        super().__init__(data or week)

    def filters(self) -> dict[str, Any]:
        """Return what is valid of the filters; what is not shows its error at its field."""
        self.is_valid()
        return self.cleaned_data


class DeliveryFilter(RefusalFilter):
    """Filters of the list of announcements."""

    event = forms.ChoiceField(label="Evento", required=False)
    status = forms.ChoiceField(
        label="Situação", required=False, choices=[("", "Todas"), *DeliveryStatus.choices]
    )
    only_errors = forms.BooleanField(label="Somente com erros", required=False)
    terms = forms.CharField(
        label="Termos para pesquisa",
        required=False,
        max_length=80,
        widget=forms.TextInput({"placeholder": "Título, contrato de venda, identificador…"}),
    )

    def __init__(self, data: Any, *, on: date) -> None:
        super().__init__(data, on=on)
        events = [("", "Todos"), *selectors.events_known()]
        self.fields["event"].choices = events  # type: ignore[attr-defined]
