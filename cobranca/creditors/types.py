"""The registry of creditor types: each is one homologated integration, declared by its connector.

register(CreditorType(code="SIENGE", label="Sienge", automatic_settings=(...), ...))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cobranca.common.errors import DomainError
from cobranca.creditors.parameters import Parameter


@dataclass(frozen=True)
class Attribute:
    """One attribute of the product sold under a contract type; key ones identify the product."""

    key: str
    label: str
    is_key: bool = False


@dataclass(frozen=True)
class ContractTypeModel:
    """A contract type that every agency with this creditor type needs."""

    code: str
    name: str
    attributes: tuple[Attribute, ...] = ()


def _as_typed(text: str) -> str:
    return text.strip()


@dataclass(frozen=True)
class CreditorType:
    """What comes with a creditor of this type.

    `automatic_settings` are (parameter, text as a person would type it); `parse_code` turns the
    creditor's code, `parse_branch_code` the branch's, into the ERP's spelling or raise DomainError
    saying what is expected: "0012" typed by hand and 12 from the ERP are one branch.
    """

    code: str
    label: str
    automatic_settings: tuple[tuple[Parameter[Any], str], ...] = ()
    contract_types: tuple[ContractTypeModel, ...] = ()
    parse_code: Callable[[str], str] = _as_typed
    parse_branch_code: Callable[[str], str] = _as_typed
    code_help: str = ""


_REGISTRY: dict[str, CreditorType] = {}


def register(creditor_type: CreditorType) -> CreditorType:
    """Make a creditor type known; done once by its connector when the product starts."""
    _REGISTRY[creditor_type.code] = creditor_type
    return creditor_type


def creditor_types() -> list[CreditorType]:
    """Return all creditor types by label."""
    return sorted(_REGISTRY.values(), key=lambda known: known.label)


def creditor_type(code: str) -> CreditorType:
    """Return the creditor type `code` or say that there is none."""
    try:
        return _REGISTRY[code]
    except KeyError:
        raise DomainError(f"Tipo de credor desconhecido: {code}.", "creditor_type") from None


def label_of(code: str) -> str:
    """Return how people call a creditor type; one no longer installed keeps its code."""
    known = _REGISTRY.get(code)
    return known.label if known else code
