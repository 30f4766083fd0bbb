"""The form of a scheduled task: its schedule, and the parameters that its type declares."""

from typing import Any

from django import forms

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.scheduling import registry
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.registry import CHOICE, YES_NO, ReadyModel, TaskField, TaskType
from cobranca.scheduling.states import Frequency

# A hidden field of the form; present when the browser only asks for it to be drawn again.
REDRAW = "redesenhar"
# Which timing fields each frequency shows.
SHOWN = {
    Frequency.DAILY: ("at_time",),
    Frequency.WEEKLY: ("weekday", "at_time"),
    Frequency.MONTHLY: ("month_day", "at_time"),
    Frequency.INTERVAL: ("every_minutes",),
}
TIMING = ("at_time", "weekday", "month_day", "every_minutes")


class TaskForm(forms.ModelForm):
    """What, how often, when. Whether it makes sense together is the service's to say."""

    task_type = forms.ChoiceField(label="Tarefa")

    class Meta:
        model = ScheduledTask
        fields = (
            "task_type",
            "description",
            "frequency",
            "weekday",
            "month_day",
            "at_time",
            "every_minutes",
            "business_days_only",
            "is_active",
        )
        widgets = {
            "at_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "month_day": forms.NumberInput(attrs={"min": 1, "max": 31}),
            "every_minutes": forms.NumberInput(attrs={"min": 1, "max": 1440}),
        }
        help_texts = {
            "business_days_only": "Sem fins de semana nem feriados: do país, da UF, da assessoria.",
            "month_day": "Em meses mais curtos, o último dia.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [(kind.code, kind.label) for kind in registry.task_types()]
        self.fields["task_type"].choices = types  # type: ignore[attr-defined]
        self.fields["description"].required = False
        shown = SHOWN.get(Frequency(self._frequency()), ())
        for name in TIMING:
            if name in shown:
                self.fields[name].required = True
            else:
                del self.fields[name]

    def _frequency(self) -> str:
        told = self.data.get("frequency") or self.get_initial_for_field(
            self.fields["frequency"], "frequency"
        )
        return told if told in Frequency.values else Frequency.DAILY

    def _post_clean(self) -> None:
        """Leave what the frequency does not read empty; the service validates the rest."""
        super()._post_clean()  # type: ignore[misc]
        for name in TIMING:
            if name not in self.fields:
                setattr(self.instance, name, None)


class ParametersForm(forms.Form):
    """The parameters of one task type, as it declares them."""

    prefix = "p"

    def __init__(self, kind: TaskType | None, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for declared in kind.fields if kind else ():
            self.fields[declared.name] = _form_field(declared, agency)


def _form_field(declared: TaskField, agency: Agency) -> forms.Field:
    common: dict[str, Any] = {
        "label": declared.label,
        "help_text": declared.help,
        "initial": declared.default,
    }
    if declared.kind == YES_NO:
        return forms.BooleanField(required=False, **common)
    if declared.kind == CHOICE:
        choices = [("", "Escolha"), *declared.choices(agency)]
        return forms.ChoiceField(required=declared.required, choices=choices, **common)
    return forms.CharField(required=declared.required, max_length=500, **common)


def initial_of(model: ReadyModel, kind: TaskType) -> dict[str, Any]:
    """Return what a ready model fills in."""
    return {
        "task_type": kind.code,
        "description": model.description,
        "frequency": model.frequency,
        "at_time": model.at_time,
        "weekday": model.weekday,
        "every_minutes": model.every_minutes,
        "business_days_only": model.business_days_only,
        "is_active": True,
    }


def show_error(error: DomainError, *candidates: forms.BaseForm) -> None:
    """Show a broken rule at its field, in whichever form has it; else above the first form."""
    for form in candidates:
        if error.field in form.fields:
            form.add_error(error.field, error.message)
            return
    candidates[0].add_error(None, error.message)
