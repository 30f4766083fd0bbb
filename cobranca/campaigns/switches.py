"""Which parameters switch the calculation of a creditor.

An ERP may spell them as parameters of its own (in Sienge they stand among its settings): its
connector registers them for its creditor type at start-up; everybody else uses ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from cobranca.campaigns.parameters import ANNUAL_CORRECTION, INTEREST_ON_PENALTY
from cobranca.creditors.models import Creditor, ParameterValue
from cobranca.creditors.parameters import CREDITOR, Parameter
from cobranca.creditors.selectors import parse_stored


@dataclass(frozen=True, slots=True)
class SwitchParameters:
    """The parameters that switch the calculation of a creditor type."""

    interest_on_penalty: Parameter[bool] = INTEREST_ON_PENALTY
    annual_correction: Parameter[bool] = ANNUAL_CORRECTION


@dataclass(frozen=True, slots=True)
class Switches:
    """How one creditor's debts are calculated."""

    interest_on_penalty: bool
    annual_correction: bool


_OURS = SwitchParameters()
_BY_TYPE: dict[str, SwitchParameters] = {}


def register_switches(creditor_type: str, parameters: SwitchParameters) -> None:
    """Make a connector's own parameters switch the calculation of its creditors."""
    _BY_TYPE[creditor_type] = parameters


def switches_of(creditors: Iterable[Creditor]) -> dict[int, Switches]:
    """Return how each creditor's debts are calculated, with one query for them all."""
    wanted = {creditor.pk: _BY_TYPE.get(creditor.creditor_type, _OURS) for creditor in creditors}
    stored = _stored(wanted)
    return {
        pk: Switches(
            interest_on_penalty=_value(parameters.interest_on_penalty, pk, stored),
            annual_correction=_value(parameters.annual_correction, pk, stored),
        )
        for pk, parameters in wanted.items()
    }


_Place = tuple[int | None, str, str]


def _stored(wanted: dict[int, SwitchParameters]) -> dict[_Place, str]:
    named = {
        (parameter.section, parameter.key)
        for each in wanted.values()
        for parameter in (each.interest_on_penalty, each.annual_correction)
    }
    rows = ParameterValue.objects.filter(
        Q(creditor__in=list(wanted)) | Q(creditor__isnull=True),
        section__in={section for section, _ in named},
        key__in={key for _, key in named},
    )
    return {(row.creditor_id, row.section, row.key): row.value for row in rows}


def _value(parameter: Parameter[bool], creditor_id: int, stored: dict[_Place, str]) -> bool:
    owner = creditor_id if parameter.scope == CREDITOR else None
    text = stored.get((owner, parameter.section, parameter.key))
    return parameter.default if text is None else parse_stored(parameter, text)
