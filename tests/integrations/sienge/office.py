"""Setting up an agency for Sienge the way its parameters are stored."""

from cobranca.accounts.models import Agency
from cobranca.creditors.models import ParameterValue
from cobranca.creditors.parameters import Parameter


def configure(agency: Agency, values: dict[Parameter, str]) -> None:
    """Store general parameters as typed by a person."""
    for parameter, typed in values.items():
        ParameterValue.objects.update_or_create(
            agency=agency,
            creditor=None,
            section=parameter.section,
            key=parameter.key,
            defaults={"value": parameter.kind.store(parameter.kind.parse(typed))},
        )
