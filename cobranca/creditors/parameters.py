"""The registry of parameters: each is declared once, in code, and read by one typed call.

SYNC_ON_OPEN = declare(
    Parameter(section="Integração Sienge", key="sync_on_open", label="Sincronizar …",
              scope=GENERAL, kind=YES_NO, default=True))
...
if value_of(SYNC_ON_OPEN, agency=agency): ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cobranca.common.errors import DomainError

T = TypeVar("T")

GENERAL = "general"
CREDITOR = "creditor"


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How a kind of value is typed by people, stored as text and shown.

    `parse` turns what a person typed into the value, or raises DomainError saying the expected
    format; `store` gives the canonical text that `parse` reads back; `show` what the screen says.
    """

    name: str
    parse: Callable[[str], T]
    store: Callable[[T], str]
    show: Callable[[T], str]
    hint: str = ""


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One declared parameter. `choices` names a list the ERP offers (SIE-04)."""

    section: str
    key: str
    label: str
    scope: str
    kind: Kind[T]
    default: T
    help: str = ""
    secret: bool = False
    choices: str = ""
    group: str = ""
    # Creditor types that see it; empty is every creditor.
    creditor_type: str = ""


_REGISTRY: dict[tuple[str, str], Parameter[Any]] = {}


def declare(parameter: Parameter[T]) -> Parameter[T]:
    """Make a parameter known; a second declaration of the same key is a programming error."""
    name = (parameter.section, parameter.key)
    if _REGISTRY.get(name, parameter) != parameter:
        raise ValueError(f"parameter declared twice: {name}")
    _REGISTRY[name] = parameter
    return parameter


def definition(section: str, key: str) -> Parameter[Any]:
    """Return a declared parameter or say that there is none of this name."""
    try:
        return _REGISTRY[section, key]
    except KeyError:
        raise DomainError(f"Parâmetro desconhecido: {section} · {key}.", "key") from None


def definitions(scope: str = "") -> list[Parameter[Any]]:
    """Return declared parameters in the order of declaration, of one scope if asked."""
    return [p for p in _REGISTRY.values() if not scope or p.scope == scope]
