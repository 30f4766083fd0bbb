"""Forms of indices, of one value, and of a file of values."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from cobranca.campaigns import services
from cobranca.campaigns.index_files import check_value, parse_month, parse_value, shown_value
from cobranca.campaigns.models import IndexSeries, IndexValue
from cobranca.common.errors import DomainError
from cobranca.common.forms import AgencyForm

MOST_BYTES = 256 * 1024


class IndexSeriesForm(AgencyForm):
    """An index."""

    class Meta:
        model = IndexSeries
        fields = ("name", "kind", "sgs_code", "months_back")
        help_texts = {
            "kind": "Variação: o percentual do mês (IGP-M, IPCA). Número-índice: o nível (CUB).",
            "sgs_code": "Número da série no sistema SGS; vazio quando os valores vêm de arquivo.",
            "months_back": "1: o índice do mês anterior ao do vencimento e ao do cálculo.",
        }

    def clean(self) -> dict[str, Any]:
        """Ask the service's own rules."""
        if not self.errors:
            try:
                services.check_index_series(self.instance.pk, self.cleaned_data)
            except DomainError as error:
                self.add_error(error.field, error.message)
        return self.cleaned_data


class MonthField(forms.CharField):
    """A month as people write it."""

    def clean(self, value: Any) -> date:
        """Return its first day."""
        month = parse_month(super().clean(value))
        if month is None:
            raise forms.ValidationError("Mês inválido: use MM/AAAA.")
        return month


class ValueField(forms.CharField):
    """The value of an index, with its decimals after a comma."""

    def clean(self, value: Any) -> Decimal:
        """Return it exactly."""
        number = parse_value(super().clean(value))
        if number is None:
            raise forms.ValidationError("Valor inválido: use vírgula nos decimais.")
        return number

    def prepare_value(self, value: Any) -> Any:
        """Return what is stored as people write it."""
        return shown_value(value) if isinstance(value, Decimal) else value


class IndexValueForm(AgencyForm):
    """One month of an index."""

    month = MonthField(label="Mês", help_text="MM/AAAA", widget=UnfoldAdminTextInputWidget)
    value = ValueField(label="Valor", widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = IndexValue
        # The series is added by the admin, within a request: its choices need a scope.
        fields = ("month", "value")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["month"]  # a value stays in its month

    def clean(self) -> dict[str, Any]:
        """Refuse a value that makes no sense for the index."""
        told = self.cleaned_data
        series = told.get("series") or getattr(self.instance, "series", None)
        month = told.get("month") or self.instance.month
        if series is not None and month and "value" in told:
            problem = check_value(series.kind, month, told["value"])
            if problem:
                self.add_error("value", problem.capitalize())
        return told


class FileForm(forms.Form):
    """A file "mês;valor", or the text of one that was looked at and is to be stored."""

    file = forms.FileField(
        label="Arquivo",
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Put the bytes of the file, or of its text sent back, into `data`."""
        told = self.cleaned_data
        file = told.get("file")
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError("Arquivo grande demais: até 256 KB.")
        told["data"] = file.read() if file is not None else told.get("text", "").encode()
        if not told["data"].strip():
            raise forms.ValidationError("Escolha um arquivo com as colunas mês;valor.")
        return told
