"""Every parameter of an agency as one long table: the general ones, then each creditor's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor, ParameterValue
from cobranca.creditors.parameters import CREDITOR, GENERAL, Parameter
from cobranca.creditors.selectors import MASKED, creditors_of, offered_parameters


@dataclass(frozen=True)
class Place:
    """A parameter of the agency itself or of one of its creditors."""

    parameter: Parameter[Any]
    creditor_id: int | None

    @property
    def address(self) -> tuple[int | None, str, str]:
        """What tells one place from another."""
        return (self.creditor_id, self.parameter.section, self.parameter.key)


@dataclass(frozen=True)
class PlaceLine:
    """What stands in a place. A secret's text is in none of the attributes."""

    place: Place
    text: str | None = None
    needs_validation: bool = False

    @property
    def is_set(self) -> bool:
        return self.text is not None

    @property
    def value(self) -> str | None:
        """The stored text, which may be typed as it is to set it again."""
        return None if self.place.parameter.secret else self.text

    @property
    def default(self) -> str | None:
        """The text of the default, None where there is none."""
        parameter = self.place.parameter
        if parameter.secret or parameter.default in (None, "", ()):
            return None
        return parameter.kind.store(parameter.default)

    @property
    def shown(self) -> str:
        """The value in words; "" while it is unset."""
        parameter = self.place.parameter
        if self.text is None or parameter.secret:
            return MASKED if self.is_set else ""
        try:
            return parameter.kind.show(parameter.kind.parse(self.text))
        except DomainError:
            return self.text  # a format that changed: a person has to repair it


def places_of(agency: Agency, *, scope: str = "", creditor: Creditor | None = None) -> list[Place]:
    """Return the places of an agency, of one scope or one creditor if asked."""
    general = [Place(parameter, None) for parameter in offered_parameters(GENERAL)]
    creditors = [creditor] if creditor else creditors_of(agency, only_active=False).order_by("pk")
    found = [] if creditor or scope == CREDITOR else general
    if scope == GENERAL:
        return found
    return found + [
        Place(parameter, each.pk)
        for each in creditors
        for parameter in offered_parameters(CREDITOR, each)
    ]


def lines_at(agency: Agency, places: Sequence[Place]) -> list[PlaceLine]:
    """Return what stands in the places, with one query."""
    creditors = {place.creditor_id for place in places}
    wanted = Q(creditor__in=creditors - {None})
    if None in creditors:
        wanted |= Q(creditor__isnull=True)
    stored = ParameterValue.objects.filter(wanted, agency=agency)
    rows = {(row.creditor_id, row.section, row.key): row for row in stored}
    return [_line(place, rows.get(place.address)) for place in places]


def _line(place: Place, row: ParameterValue | None) -> PlaceLine:
    return PlaceLine(place, row.value, row.needs_validation) if row else PlaceLine(place)
