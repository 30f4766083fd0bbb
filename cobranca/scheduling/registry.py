"""Task types: declared once by whoever does the work, scheduled by people on one screen.

register(TaskType(
    code="import", label="Importacao de Credor", run=run_import,
    fields=(TaskField("creditor", "Credor", CHOICE, choices=creditor_choices), …),
    subject=lambda parameters: f"creditor:{parameters['creditor']}",
))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from cobranca.accounts.models import Agency, User
from cobranca.common.errors import DomainError

CHOICE, YES_NO, TEXT = "choice", "yes_no", "text"
Choices = Sequence[tuple[str, str]]
Parameters = Mapping[str, Any]


def _no_choices(_: Agency) -> Choices:
    return ()


@dataclass(frozen=True)
class TaskField:
    """One parameter of a task type: a choice (of the agency's), yes or no, or text.

    Stored as text, a yes_no as bool. A field that is not required may be left empty.
    """

    name: str
    label: str
    kind: str = TEXT
    choices: Callable[[Agency], Choices] = _no_choices
    required: bool = True
    default: Any = ""
    help: str = ""


@dataclass(frozen=True)
class ReadyModel:
    """A schedule that most offices want, offered filled in; people only add what is theirs."""

    code: str
    description: str
    frequency: str
    at_time: time | None = None
    weekday: int | None = None
    every_minutes: int | None = None
    business_days_only: bool = False
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True)
class RunContext:
    """What a run is told. Work that lasts asks `is_ours()` before each irreversible step."""

    run_id: int
    agency: Agency
    parameters: Parameters
    due_at: datetime
    requested_by: User | None
    is_ours: Callable[[], bool]


def _no_subject(_: Parameters) -> str:
    return ""


def _accept(_agency: Agency, _parameters: Parameters) -> None:
    """Accept any parameters."""


@dataclass(frozen=True)
class TaskType:
    """A kind of work.

    `run` does it, outside of any transaction and within the agency's scope, and returns what the
    history keeps (its "message" is shown); DomainError is a failure said in words. It may be
    called again for the same run after a worker died. `subject` names what it works on: two runs
    of one subject never overlap; "" never waits. `check` refuses parameters with a DomainError.
    """

    code: str
    label: str
    run: Callable[[RunContext], Mapping[str, Any]]
    fields: tuple[TaskField, ...] = ()
    subject: Callable[[Parameters], str] = _no_subject
    check: Callable[[Agency, Parameters], None] = _accept
    models: tuple[ReadyModel, ...] = ()


@dataclass(frozen=True)
class SystemTask:
    """A Celery task that the product itself rings, whatever agencies scheduled."""

    task: str
    every_minutes: int


_TYPES: dict[str, TaskType] = {}
_SYSTEM: dict[str, SystemTask] = {}


def register(task_type: TaskType) -> TaskType:
    """Make a task type known; done once by its app when the product starts."""
    _TYPES[task_type.code] = task_type
    return task_type


def task_types() -> list[TaskType]:
    """Return all task types by label."""
    return sorted(_TYPES.values(), key=lambda known: known.label)


def task_type(code: str) -> TaskType:
    """Return the task type `code` or say that there is none."""
    try:
        return _TYPES[code]
    except KeyError:
        raise DomainError(f"Tarefa desconhecida: {code}.", "task_type") from None


def label_of(code: str) -> str:
    """Return how people call a task type; one no longer installed keeps its code."""
    known = _TYPES.get(code)
    return known.label if known else code


def system_task(task: str, *, every_minutes: int) -> None:
    """Ask for a Celery task to be rung every so many minutes (`manage.py install_schedules`)."""
    _SYSTEM[task] = SystemTask(task, every_minutes)


def system_tasks() -> list[SystemTask]:
    """Return what the product itself rings."""
    return list(_SYSTEM.values())
