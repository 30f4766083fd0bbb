"""Reading creditors and the values of their parameters."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.common.remembering import remembered
from cobranca.creditors.choices import has_choices
from cobranca.creditors.models import (
    Branch,
    ContractType,
    Creditor,
    CreditorTypeActivation,
    ParameterValue,
)
from cobranca.creditors.parameters import CREDITOR, GENERAL, Parameter, definitions
from cobranca.creditors.types import CreditorType, creditor_types

T = TypeVar("T")
MASKED = "••••••"


class SectionValues:
    """The values of one section for an agency and, maybe, one creditor: read with one query."""

    def __init__(self, section: str, texts: Mapping[tuple[str, str], str]) -> None:
        self._section = section
        self._texts = texts

    def __getitem__(self, parameter: Parameter[T]) -> T:
        """Return the parameter's value, or its default while it is unset."""
        if parameter.section != self._section:
            raise ValueError(f"{parameter.key} is not of section {self._section}")
        text = self._texts.get((parameter.scope, parameter.key))
        return parameter.default if text is None else parse_stored(parameter, text)


def parse_stored(parameter: Parameter[T], text: str) -> T:
    """Return what a stored text says; one that no longer makes sense is said by its name."""
    try:
        return parameter.kind.parse(text)
    except DomainError as error:
        raise DomainError(
            f"O parâmetro “{parameter.label}” tem um valor inválido: {error.message}"
        ) from error


def value_of(parameter: Parameter[T], *, agency: Agency, creditor: Creditor | None = None) -> T:
    """Return the value in force: what the agency (or the creditor) was given, else the default."""
    _check_scope(parameter, agency, creditor)
    row = values_of_scope(parameter.scope, agency, creditor).filter(
        section=parameter.section, key=parameter.key
    )
    stored = row.first()
    return parameter.default if stored is None else parse_stored(parameter, stored.value)


def values_of(section: str, *, agency: Agency, creditor: Creditor | None = None) -> SectionValues:
    """Return all values of a section, general and of `creditor`, with one query a request."""
    ours = Q(creditor__isnull=True)
    if creditor is not None:
        _check_agency(agency, creditor)
        ours |= Q(creditor=creditor)
    rows = ParameterValue.objects.filter(ours, agency=agency, section=section)

    def read() -> SectionValues:
        return SectionValues(section, {_slot(row): row.value for row in rows})

    return remembered(("values", section, agency.pk, creditor and creditor.pk), read)


def _slot(row: ParameterValue) -> tuple[str, str]:
    return (GENERAL if row.creditor_id is None else CREDITOR, row.key)


def values_of_scope(
    scope: str, agency: Agency, creditor: Creditor | None
) -> QuerySet[ParameterValue]:
    """Return the stored values of the agency itself or of one creditor of it."""
    return ParameterValue.objects.filter(
        agency=agency, creditor=creditor if scope == CREDITOR else None
    )


def _check_scope(parameter: Parameter[Any], agency: Agency, creditor: Creditor | None) -> None:
    if parameter.scope == CREDITOR:
        if creditor is None:
            raise DomainError("Informe o credor deste parâmetro.", "creditor")
        _check_agency(agency, creditor)


def _check_agency(agency: Agency, creditor: Creditor) -> None:
    if creditor.agency_id != agency.pk:
        raise NotFoundError("Credor desconhecido.", "creditor")


@dataclass(frozen=True)
class ParameterLine:
    """One line of the parameter screens; a secret is never among what is shown."""

    parameter: Parameter[Any]
    is_set: bool = False
    shown: str = ""
    needs_validation: bool = False

    @property
    def default_shown(self) -> str:
        """Return the default that applies while the parameter is unset."""
        default = self.parameter.default
        if default is None or default == "" or default == ():
            return ""
        return self.parameter.kind.show(default)

    @property
    def has_choices(self) -> bool:
        """Tell whether the ERP offers a list for it."""
        return has_choices(self.parameter)

    @property
    def editable(self) -> str:
        """Return the text to edit: what is shown, except of a secret."""
        return "" if self.parameter.secret else self.shown


def sections(scope: str, creditor: Creditor | None = None) -> list[str]:
    """Return the sections that a screen offers, in order of declaration."""
    return list(dict.fromkeys(known.section for known in offered_parameters(scope, creditor)))


def offered_parameters(scope: str, creditor: Creditor | None = None) -> list[Parameter[Any]]:
    """Return the parameters of a screen; a creditor sees those of its own type and of all."""
    mine = {"", creditor.creditor_type} if creditor is not None else None
    return [p for p in definitions(scope) if mine is None or p.creditor_type in mine]


def integration_section(creditor: Creditor | None) -> str:
    """Return the section of a creditor's integration, "" without one."""
    kind = creditor.creditor_type if creditor else ""
    return next((p.section for p in definitions() if kind and p.creditor_type == kind), "")


def lines_of(
    section: str, scope: str, *, agency: Agency, creditor: Creditor | None = None
) -> list[ParameterLine]:
    """Return the lines of a section as the screens show them, with one query."""
    if creditor is not None:
        _check_agency(agency, creditor)
    rows = {
        row.key: row for row in values_of_scope(scope, agency, creditor).filter(section=section)
    }
    offered = [p for p in offered_parameters(scope, creditor) if p.section == section]
    return [_line(parameter, rows.get(parameter.key)) for parameter in offered]


def line_of(
    parameter: Parameter[Any], *, agency: Agency, creditor: Creditor | None = None
) -> ParameterLine:
    """Return one line."""
    _check_scope(parameter, agency, creditor)
    rows = values_of_scope(parameter.scope, agency, creditor)
    return _line(parameter, rows.filter(section=parameter.section, key=parameter.key).first())


def _line(parameter: Parameter[Any], row: ParameterValue | None) -> ParameterLine:
    if row is None:
        return ParameterLine(parameter)
    shown = MASKED if parameter.secret else _shown(parameter, row.value)
    return ParameterLine(parameter, True, shown, row.needs_validation)


def _shown(parameter: Parameter[Any], text: str) -> str:
    try:
        return parameter.kind.show(parameter.kind.parse(text))
    except DomainError:
        return text  # a format that changed: shown as it is, so that a person can repair it


def creditors_of(agency: Agency, *, only_active: bool = True) -> QuerySet[Creditor]:
    """Return the agency's creditors by name."""
    found = Creditor.objects.filter(agency=agency)
    return found.filter(is_active=True) if only_active else found


def active_types(agency: Agency) -> list[CreditorType]:
    """Return the creditor types the agency switched on."""
    codes = set(CreditorTypeActivation.objects.filter(agency=agency).values_list("code", flat=True))
    return [known for known in creditor_types() if known.code in codes]


def branches_of(agency: Agency) -> QuerySet[Branch]:
    """Return the agency's branches."""
    return Branch.objects.filter(agency=agency)


def waiting_by_section(creditor: Creditor) -> dict[str, int]:
    """Return how many automatic settings of a creditor wait for a person, by section."""
    waiting = ParameterValue.objects.filter(creditor=creditor, needs_validation=True)
    return Counter(waiting.values_list("section", flat=True))


def contract_types_of(agency: Agency) -> QuerySet[ContractType]:
    """Return the agency's contract types."""
    return ContractType.objects.filter(agency=agency)


def settings_to_validate(agency: Agency) -> QuerySet[ParameterValue]:
    """Return automatic settings nobody confirmed yet."""
    return ParameterValue.objects.filter(agency=agency, needs_validation=True)


def contract_types_to_validate(agency: Agency) -> QuerySet[ContractType]:
    """Return contract types that came with a creditor type and nobody confirmed yet."""
    return contract_types_of(agency).filter(is_validated=False).exclude(creditor_type="")
