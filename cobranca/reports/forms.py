"""The filters of a board, as people choose them and as an address spells them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from cobranca.accounts.models import Agency, Team, User
from cobranca.creditors.models import Branch, Creditor
from cobranca.reports.boards import BRANCH, OWNER, PERIOD, PERSON
from cobranca.reports.filters import NO_BRANCH, NOBODY, Filters
from cobranca.reports.periods import MONTH, WEEK, months_back, step_for

MOST_DAYS = 3 * 366
Around = Callable[[date], tuple[date, date]]
_FIELDS = {
    PERIOD: ("de", "ate", "por"),
    OWNER: ("credor",),
    BRANCH: ("filial",),
    PERSON: ("equipe", "cobrador"),
}
EVERY_FILTER = frozenset(_FIELDS)


def names_of(each: str) -> tuple[str, ...]:
    """Return the names that an address gives to a kind of filter."""
    return _FIELDS[each]


@dataclass(frozen=True)
class Preset:
    """A period that people often ask for."""

    label: str
    start: date
    end: date


def presets(on: date) -> list[Preset]:
    """Return the periods that are one click away."""
    this, last, year = months_back(on, 0), months_back(on, 1), months_back(on, 11)
    return [
        Preset("Este mês", this, on),
        Preset("Mês passado", last, this - timedelta(days=1)),
        Preset("90 dias", on - timedelta(days=89), on),
        Preset("12 meses", year, on),
    ]


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class FilterForm(forms.Form):
    """De, até, por, credor, filial, equipe; the collector comes with a link only."""

    de = _day("De")
    ate = _day("Até")
    por = forms.ChoiceField(
        label="Por",
        required=False,
        choices=[("", "Automático"), (WEEK, "Semana"), (MONTH, "Mês")],
    )
    credor = forms.TypedChoiceField(label="Credor", required=False, coerce=int, empty_value=None)
    filial = forms.TypedChoiceField(label="Filial", required=False, coerce=int, empty_value=None)
    equipe = forms.TypedChoiceField(label="Equipe", required=False, coerce=int, empty_value=None)
    cobrador = forms.TypedChoiceField(
        label="Cobrador", required=False, coerce=int, empty_value=None
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        agency: Agency,
        on: date,
        around: Around,
        asked: frozenset[str],
    ) -> None:
        self.agency, self.on, self.period = agency, on, around(on)
        told = {name: data[name] for each in asked for name in _FIELDS[each] if name in data}
        start, end = self.period
        given = {"de": start.isoformat(), "ate": end.isoformat()}
        super().__init__({**given, **{name: text for name, text in told.items() if text}})
        for each in EVERY_FILTER - asked:
            for name in _FIELDS[each]:
                del self.fields[name]
        self._offer(asked, str(told.get("credor", "")))

    def _offer(self, asked: frozenset[str], creditor: str) -> None:
        offered: dict[str, list[tuple[Any, str]]] = {}
        if OWNER in asked:
            rows = Creditor.objects.only("id", "trade_name", "legal_name")
            offered["credor"] = [(row.pk, str(row)) for row in rows]
        if BRANCH in asked:
            offered["filial"] = [*_branches(creditor), (NO_BRANCH, "Sem filial")]
        if PERSON in asked:
            offered["equipe"] = list(Team.objects.values_list("pk", "name"))
            offered["cobrador"] = [*_people(self.agency), (NOBODY, "Sem cobrador")]
        for name, choices in offered.items():
            every = "Todas" if name in ("filial", "equipe") else "Todos"
            field: Any = self.fields[name]
            field.choices = [("", every), *choices]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or that nobody could read."""
        told: dict[str, Any] = super().clean() or {}
        start, end = told.get("de"), told.get("ate")
        if start and end and end < start:
            self.add_error("ate", "O fim do período é anterior ao começo.")
        elif start and end and (end - start).days > MOST_DAYS:
            self.add_error("ate", "Escolha um período de até três anos.")
        return self.cleaned_data

    def filters(self, **fixed: Any) -> Filters:
        """Return what is valid of the filters; what is not shows its error at its field."""
        self.is_valid()
        told = self.cleaned_data
        start, end = told.get("de") or self.period[0], told.get("ate") or self.period[1]
        if self.errors:
            start, end = self.period
        return Filters(
            agency=self.agency.pk,
            on=self.on,
            start=start,
            end=end,
            step=told.get("por") or step_for(start, end),
            creditor=told.get("credor"),
            branch=told.get("filial"),
            team=told.get("equipe"),
            collector=fixed.get("collector", told.get("cobrador")),
        )


def _branches(creditor: str) -> list[tuple[int, str]]:
    rows = Branch.objects.only("id", "code", "name")
    if creditor.isascii() and creditor.isdigit():
        rows = rows.filter(creditor_id=int(creditor[:18]))
    return [(row.pk, str(row)) for row in rows]


def _people(agency: Agency) -> list[tuple[int, str]]:
    return [(user.pk, str(user)) for user in User.objects.filter(agency=agency)]
