"""Lists of an ERP offered next to a parameter (SIE-04); typing works when it does not answer."""

from collections.abc import Callable
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.creditors.parameters import Parameter

Choices = list[tuple[str, str]]
# Given an agency and the name of a list, returns its (code, description) pairs. A list that
# cannot be had now is a DomainError with a sentence for the screen.
Provider = Callable[[Agency, str], Choices]

_PROVIDERS: dict[str, Provider] = {}


def register(section: str, provider: Provider) -> None:
    """Make `provider` the one that fetches the lists of a section's parameters."""
    _PROVIDERS[section] = provider


def has_choices(parameter: Parameter[Any]) -> bool:
    """Tell whether there is a list to choose from."""
    return bool(parameter.choices) and parameter.section in _PROVIDERS


def choices_for(parameter: Parameter[Any], *, agency: Agency) -> Choices:
    """Fetch the list; raises DomainError when the ERP does not answer."""
    return _PROVIDERS[parameter.section](agency, parameter.choices)
