"""Forms of campaigns, of their tables of brackets, and of copies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.forms.models import BaseInlineFormSet
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from cobranca.campaigns import brackets, services
from cobranca.campaigns.brackets import FILTERS
from cobranca.campaigns.fields import FilterField
from cobranca.campaigns.models import Campaign, CashBracket, InstalmentBracket
from cobranca.campaigns.selectors import NO_CHOICES, FilterChoices, filter_choices
from cobranca.common.errors import DomainError
from cobranca.common.forms import AgencyForm
from cobranca.creditors.models import Creditor

DISCOUNTS = (
    "Desconto máximo (%)",
    (
        ("max_discount_principal", "Principal"),
        ("max_discount_penalty", "Multa"),
        ("max_discount_interest", "Juros"),
        ("max_discount_fee", "Hon."),
    ),
)
DELAYS = ("Atraso (dias)", (("delay_from", "De"), ("delay_to", "Até")))


class FilteredForm(AgencyForm):
    """A form whose two filters offer what the creditor has."""

    contract_type_ids = FilterField("Tipos de contrato")
    branch_ids = FilterField("Filiais")

    def offer(self, choices: FilterChoices) -> None:
        """Offer these choices in both filters."""
        self.choices = choices
        for name in FILTERS:
            self.fields[name].choices = choices.of(name)  # type: ignore[attr-defined]

    def filters(self) -> list[BoundField]:
        """Return the two filters, to be drawn."""
        return [self[name] for name in FILTERS]

    def filters_in_words(self) -> str:
        """Return what is filtered, in a few words."""
        counts = {name: len(self[name].value() or ()) for name in FILTERS}
        types, branches = (counts[name] for name in FILTERS)
        told = [f"{types} tipo{'s' if types > 1 else ''}"] if types else []
        told += [f"{branches} filia{'is' if branches > 1 else 'l'}"] if branches else []
        return ", ".join(told) or "Todos"


class CampaignForm(FilteredForm):
    """Campanha de Cálculo, with the fields of the playbook's screen (6.6)."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Campaign
        # Creditor and index are added by the admin, within a request: they need a scope.
        fields = ("name", "valid_from", "valid_to", "priority", "is_active", "is_portal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen_at"] = self.instance.updated_at.isoformat()
        self.offer(filter_choices(self._creditor()))

    def _creditor(self) -> Creditor | None:
        told = self.instance.creditor_id or self.data.get("creditor", self.initial.get("creditor"))
        return creditor_told(told, self.agency)

    def clean_seen_at(self) -> datetime | None:
        """Refuse to save over somebody else's change."""
        try:
            seen_at = datetime.fromisoformat(self.cleaned_data["seen_at"])
        except ValueError:
            return None
        if self.instance.pk and self.instance.updated_at != seen_at:
            self.add_error(None, services.CHANGED_MEANWHILE)
        return seen_at

    def clean(self) -> dict[str, Any]:
        """Say an impossible validity at its field, before the database's own rule does."""
        told = self.cleaned_data
        try:
            services.check_validity(told.get("valid_from"), told.get("valid_to"))
        except DomainError as error:
            if error.field not in self.errors:
                self.add_error(error.field, error.message)
        return told

    def _post_clean(self) -> None:
        """Ask the service's own rules, once every field could be read."""
        # Drawn by the page itself, the filters are not among the admin's fields.
        for name in FILTERS:
            setattr(self.instance, name, self.cleaned_data.get(name, []))
        super()._post_clean()
        if self.errors:
            return
        try:
            services.check_campaign(self.instance, None, self.choices)
        except DomainError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)


def creditor_told(told: Any, agency: Any) -> Creditor | None:
    """Return the creditor of an agency whose key a form was told, if it is one."""
    key = getattr(told, "pk", told)
    if agency is None or not str(key).isdecimal() or len(str(key)) > 18:
        return None
    return Creditor.objects.filter(pk=key, agency=agency).first()


@dataclass(frozen=True)
class Cell:
    """One field of a bracket as the table draws it."""

    field: BoundField
    label: str
    starts_group: bool


class BracketForm(FilteredForm):
    """One row of a table of brackets."""

    table: ClassVar[services.Table]
    groups: ClassVar[tuple[Any, ...]]
    none: ClassVar[str]

    def __init__(
        self, *args: Any, choices: FilterChoices = NO_CHOICES, number: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.offer(choices)
        for name in (name for _, columns in self.groups for name, _ in columns):
            self.fields[name].widget.attrs["aria-label"] = self.label_of(name)

    def has_changed(self) -> bool:
        """Take a row that was added for a change even while it has nothing but defaults."""
        return self.instance._state.adding or super().has_changed()

    def values(self) -> dict[str, Any]:
        """Return what could be read, as the rules of brackets want it."""
        known = self.cleaned_data
        return {name: known[name] for name in self.table.fields if name in known}

    def clean(self) -> dict[str, Any]:
        """Say at its field what makes no sense in this row alone."""
        for name, message in brackets.problems_of_row(self.values()):
            if name in self.fields and name not in self.errors:
                self.add_error(name, message)
        return self.cleaned_data

    def cells(self) -> list[Cell]:
        """Return the fields in the table's order."""
        return [
            Cell(self[name], self.label_of(name), starts_group=not position)
            for _, columns in self.groups
            for position, (name, _) in enumerate(columns)
        ]

    def problems(self) -> list[str]:
        """Return what is wrong in this row, field by field."""
        shown: Mapping[str, Any] = self.errors if self.is_bound else {}
        return [
            self._sentence(name, message)
            for name, messages in shown.items()
            for message in messages
        ]

    def _sentence(self, name: str, message: str) -> str:
        """Say whose problem it is, but for ranges, whose problems speak for themselves."""
        if name in (NON_FIELD_ERRORS, *brackets.DELAY, *brackets.PARTS):
            return message
        return f"{self.label_of(name)}: {message}"

    def label_of(self, name: str) -> str:
        """Return the whole name of a field, which the table's heads only abbreviate."""
        return str(self.fields[name].label)


class CashBracketForm(BracketForm):
    """Faixa à vista."""

    table = services.CASH
    none = "Nenhuma faixa à vista: nada pode ser calculado."
    groups = (
        DELAYS,
        (
            "Encargos (%)",
            (
                ("penalty_percent", "Multa"),
                ("monthly_interest_percent", "Juros/mês"),
                ("fee_percent", "Hon."),
            ),
        ),
        DISCOUNTS,
        (
            "Repasse (%)",
            (
                ("pass_on_principal", "Principal"),
                ("pass_on_penalty", "Multa"),
                ("pass_on_interest", "Juros"),
                ("pass_on_fee", "Hon."),
            ),
        ),
    )

    class Meta:
        model = CashBracket
        fields = services.CASH.fields


class InstalmentBracketForm(BracketForm):
    """Faixa do parcelado."""

    table = services.INSTALMENTS
    none = "Nenhuma faixa do parcelado: só se paga à vista."
    groups = (
        DELAYS,
        ("Parcelas", (("parts_from", "De"), ("parts_to", "Até"))),
        (
            "Entrada",
            (("allows_down_payment", "Permite"), ("min_down_payment_percent", "Mínimo (%)")),
        ),
        ("Juros (%)", (("monthly_rate_percent", "Ao mês"),)),
        DISCOUNTS,
    )

    class Meta:
        model = InstalmentBracket
        fields = services.INSTALMENTS.fields


class BracketFormSet(BaseInlineFormSet):
    """A table of brackets, checked whole by the rules that the services use."""

    form: type[BracketForm]
    forms: Any

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Tell each row its number."""
        return {**super().get_form_kwargs(index), "number": (index or 0) + 1}

    def standing(self) -> list[BracketForm]:
        """Return the rows that were not taken out, right or wrong."""
        return [form for form in self.forms if not self._should_delete_form(form)]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Say at both rows that two brackets collide."""
        super().clean()
        kept = self.standing()
        for problem in brackets.collisions([form.values() for form in kept]):
            kept[problem.row].add_error(problem.field, problem.message)

    def gaps(self) -> str:
        """Return in words which delays no bracket holds for; "" when there are none."""
        if not self.is_bound:
            rows = [self.form.table.values(form.instance) for form in self.initial_forms]
        elif self.is_valid():
            rows = [form.values() for form in self.standing()]
        else:
            return ""
        found = [f"{first} a {last}" for first, last in brackets.gaps(rows)]
        return f"Sem faixa para atraso de {'; '.join(found)} dias." if rows and found else ""


class CopyForm(forms.Form):
    """Whom to copy a campaign for, under which name and validity."""

    creditors: Any = forms.ModelMultipleChoiceField(
        label="Credores", queryset=None, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label="Nome", max_length=80, widget=UnfoldAdminTextInputWidget)
    valid_from = forms.DateField(label="Vigência inicial", widget=UnfoldAdminSingleDateWidget)
    valid_to = forms.DateField(
        label="Vigência final", required=False, widget=UnfoldAdminSingleDateWidget
    )
    is_active = forms.BooleanField(label="Já ativa", required=False)

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Creditor.objects.filter(agency=campaign.agency_id, is_active=True)
        self.fields["creditors"].queryset = active  # type: ignore[attr-defined]


def problems_by_field(form: CampaignForm, formsets: list[Any]) -> dict[str, Any]:
    """Return everything wrong in a campaign's form, by the names that its fields have there.

    `rows` has the sentences below each row; `notes`, below each table, what is worth knowing.
    """
    errors = {form.add_prefix(name): list(told) for name, told in form.errors.items()}
    rows: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for formset in formsets:
        formset.is_valid()
        notes[formset.prefix] = formset.gaps()
        for row in formset.standing():
            rows[row.prefix] = row.problems()
            errors |= {row.add_prefix(name): list(told) for name, told in row.errors.items()}
    return {"errors": errors, "rows": rows, "notes": notes}
