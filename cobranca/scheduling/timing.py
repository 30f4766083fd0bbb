"""Whether the fields that say when a task is due make sense together."""

from cobranca.common.errors import DomainError
from cobranca.scheduling.models import ScheduledTask
from cobranca.scheduling.states import Frequency, Weekday

TIMING_FIELDS = (
    "frequency",
    "at_time",
    "weekday",
    "month_day",
    "every_minutes",
    "business_days_only",
)
LONGEST_INTERVAL = 24 * 60
# Which of the fields each frequency reads, with what to say when it is missing.
_NEEDS: dict[str, dict[str, str]] = {
    Frequency.DAILY: {"at_time": "Informe o horário."},
    Frequency.WEEKLY: {"at_time": "Informe o horário.", "weekday": "Escolha o dia da semana."},
    Frequency.MONTHLY: {"at_time": "Informe o horário.", "month_day": "Informe o dia do mês."},
    Frequency.INTERVAL: {"every_minutes": "Informe de quantos em quantos minutos."},
}


def check_timing(task: ScheduledTask) -> None:
    """Refuse a task that could not be due, and drop what its frequency does not read."""
    needed = _NEEDS.get(task.frequency)
    if needed is None:
        raise DomainError("Escolha a frequência.", "frequency")
    for name in ("at_time", "weekday", "month_day", "every_minutes"):
        if name not in needed:
            setattr(task, name, None)
        elif getattr(task, name) is None:
            raise DomainError(needed[name], name)
    if task.month_day is not None and not 1 <= task.month_day <= 31:
        raise DomainError("O dia do mês vai de 1 a 31.", "month_day")
    if task.every_minutes is not None and not 1 <= task.every_minutes <= LONGEST_INTERVAL:
        raise DomainError("O intervalo vai de 1 a 1.440 minutos.", "every_minutes")
    if task.business_days_only and task.weekday in (Weekday.SATURDAY, Weekday.SUNDAY):
        raise DomainError("Sábado e domingo não são dias úteis.", "weekday")
