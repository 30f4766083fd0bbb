"""The form of a queue: what it takes, and a weight for each criterion of its order."""

from collections.abc import Iterator
from typing import Any

from django import forms

from cobranca.accounts.models import Agency, Team
from cobranca.campaigns.models import Campaign
from cobranca.creditors.models import Branch, Creditor
from cobranca.telecobranca.models import WorkQueue
from cobranca.telecobranca.queue_reading import NARROWED_BY, spec_of
from cobranca.telecobranca.queue_rules import (
    DEFAULT_ORDER,
    FULL_AT,
    HEAVIEST,
    LARGEST_FULL,
    UNITS,
    Criterion,
    Rule,
    rules_of,
    stored,
)
from cobranca.telecobranca.queue_sql import Spec

# Not chosen by people: always or never due.
WITHOUT_FULL = {Criterion.PROMISE}


def _several(model: Any, label: str, text: str = "") -> Any:
    """Return a field for some rows of the agency's; which there are is said by the form."""
    return forms.ModelMultipleChoiceField(
        model._base_manager.none(),
        label=label,
        required=False,
        help_text=text,
        widget=forms.CheckboxSelectMultiple,
    )


class QueueForm(forms.ModelForm):
    """A queue's filters and its order."""

    creditors = _several(Creditor, "Credores")
    branches = _several(Branch, "Filiais")
    campaigns = _several(
        Campaign, "Campanhas", "Contratos que hoje são calculados por uma destas campanhas."
    )
    teams = _several(Team, "Equipes", "Contratos distribuídos a uma destas equipes.")

    class Meta:
        model = WorkQueue
        fields = (
            "name", "is_active", "idle_minutes", "min_days_late", "max_days_late", "min_total",
            "max_total", "quiet_days", "promise", "min_score", "max_score",
        )  # fmt: skip
        help_texts = {
            "min_days_late": "Vazio: também quem ainda não venceu.",
            "quiet_days": "Quem nunca foi contatado entra sempre.",
        }

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "creditors": Creditor.objects.filter(agency=agency),
            "branches": Branch.objects.filter(agency=agency).select_related("creditor"),
            "campaigns": Campaign.objects.filter(agency=agency).select_related("creditor"),
            "teams": Team.objects.filter(agency=agency, is_active=True),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            if not self.instance._state.adding:
                self.initial[name] = list(getattr(self.instance, name).all())
        for name in ("branches", "campaigns"):
            self.fields[name].label_from_instance = _with_creditor  # type: ignore[attr-defined]
        self._add_weights()

    def _add_weights(self) -> None:
        is_new = self.instance._state.adding
        rules = DEFAULT_ORDER if is_new else rules_of(self.instance.ordering)
        now = {rule.by: rule for rule in rules}
        for by in Criterion:
            rule = now.get(by)
            self.fields[f"weight_{by}"] = forms.IntegerField(
                label=by.label, required=False, min_value=-HEAVIEST, max_value=HEAVIEST,
                initial=rule.weight if rule else None,
            )  # fmt: skip
            if by not in WITHOUT_FULL:
                self.fields[f"full_{by}"] = forms.IntegerField(
                    label=f"{by.label}: peso inteiro em ({UNITS[by]})", required=False,
                    min_value=1, max_value=LARGEST_FULL,
                    initial=rule.full if rule else FULL_AT[by],
                )  # fmt: skip

    def weights(self) -> Iterator[tuple[Criterion, Any, Any]]:
        """Yield each criterion with the fields of its weight and of what earns all of it."""
        for by in Criterion:
            full = None if by in WITHOUT_FULL else self[f"full_{by}"]
            yield by, self[f"weight_{by}"], full

    def clean(self) -> dict[str, Any]:
        """Put the order together."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        rules = [
            Rule(str(by), told[f"weight_{by}"], told.get(f"full_{by}") or FULL_AT[by])
            for by in Criterion
            if told.get(f"weight_{by}")
        ]
        self.instance.ordering = stored(rules)
        return told

    def chosen(self) -> dict[str, Any]:
        """Return what the queue is narrowed to."""
        return {name: list(self.cleaned_data[name]) for name in NARROWED_BY}

    def spec(self) -> Spec:
        """Return the queue as the ranking would read it."""
        return spec_of(self.instance, self.chosen())


def _with_creditor(row: Any) -> str:
    return f"{row} ({row.creditor})"
