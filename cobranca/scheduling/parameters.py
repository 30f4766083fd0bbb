"""Parameters of a task, as its type declares them: cleaned, and shown in words."""

from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.common.text import plain
from cobranca.scheduling.registry import (
    CHOICE,
    YES_NO,
    Parameters,
    TaskField,
    TaskType,
    task_types,
)

_YES = (True, "s", "sim", "on", "true", "1")
_NO = (False, None, "", "n", "nao", "off", "false", "0")


def clean_parameters(kind: TaskType, raw: Parameters, *, agency: Agency) -> dict[str, Any]:
    """Return the declared parameters of `raw`, typed; DomainError names the field at fault."""
    parameters = {field.name: _clean(field, raw.get(field.name), agency) for field in kind.fields}
    kind.check(agency, parameters)
    return parameters


def _clean(field: TaskField, value: Any, agency: Agency) -> Any:
    if field.kind == YES_NO:
        return _clean_yes_no(field, value)
    text = str(value if value is not None else "").strip()
    if not text and field.required:
        raise DomainError(f"Informe: {field.label}.", field.name)
    if text and field.kind == CHOICE and text not in dict(field.choices(agency)):
        raise DomainError(f"{field.label}: escolha uma das opções.", field.name)
    return text


def _clean_yes_no(field: TaskField, value: Any) -> bool:
    answer = plain(value) if isinstance(value, str) else value
    if answer in _YES:
        return True
    if answer in _NO:
        return False
    raise DomainError(f"{field.label}: informe Sim ou Não.", field.name)


def shown_parameters(
    task_type: str, parameters: Parameters, *, agency: Agency
) -> list[tuple[str, str]]:
    """Return (label, value in words) of a task's parameters."""
    kinds = {kind.code: kind for kind in task_types()}
    if task_type not in kinds:
        return [(name, str(value)) for name, value in parameters.items()]
    return [
        (field.label, _shown(field, parameters.get(field.name), agency))
        for field in kinds[task_type].fields
    ]


def _shown(field: TaskField, value: Any, agency: Agency) -> str:
    if field.kind == YES_NO:
        return "Sim" if value else "Não"
    if field.kind == CHOICE:
        return dict(field.choices(agency)).get(value, value or "Vazio")
    return str(value or "Vazio")
