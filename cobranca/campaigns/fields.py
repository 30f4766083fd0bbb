"""Form fields of campaigns."""

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from cobranca.campaigns import brackets, trails


class PercentField(forms.DecimalField):
    """A percentage as people type it: 2,00 or 0,033333. A dot is taken for a comma."""

    def __init__(self, *, widget: forms.Widget | None = None, **kwargs: Any) -> None:
        kwargs |= {"max_digits": 9, "decimal_places": brackets.PERCENT_PLACES, "localize": True}
        super().__init__(widget=widget or UnfoldAdminTextInputWidget(), **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Read the text; no percentage here has thousands, so a lone dot is for decimals."""
        if isinstance(value, str) and "," not in value:
            value = value.replace(".", ",")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Return the stored value with two decimals at least; what was typed stays as typed."""
        return trails.percent(value) if isinstance(value, Decimal) else value


def percent_form_field(db_field: Any, widget: forms.Widget | None = None) -> PercentField:
    """Return the form field of a percentage's column."""
    return PercentField(label=db_field.verbose_name.capitalize(), initial=Decimal(0), widget=widget)


class FilterField(forms.TypedMultipleChoiceField):
    """Which contract types or branches something is for; none chosen means all."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
        )
