"""Which connector serves which creditor type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor


@dataclass(frozen=True)
class ConnectorEntry:
    """A connector as the core knows it: its creditor type, its name and how to make one.

    `make(creditor, run_id=…, priority=…)` returns the connector configured from the creditor's
    parameters; ConfigError when something needed is unset.
    """

    system: str
    creditor_type: str
    label: str
    layouts: tuple[tuple[str, str], ...]
    make: Callable[..., Any]
    # Whether an agency wants a scheduled task for each creditor instead of one for all.
    one_task_per_creditor: Callable[[Agency], bool] = lambda _: False


_ENTRIES: dict[str, ConnectorEntry] = {}


def register(entry: ConnectorEntry) -> None:
    """Make a connector known; done once by its app when the product starts."""
    _ENTRIES[entry.creditor_type] = entry


def entries() -> list[ConnectorEntry]:
    """Return all connectors by label."""
    return sorted(_ENTRIES.values(), key=lambda entry: entry.label)


def entry_for(creditor: Creditor) -> ConnectorEntry:
    """Return the connector of `creditor`, or say in words that it has none."""
    entry = _ENTRIES.get(creditor.creditor_type)
    if entry is None:
        raise DomainError(
            f"O credor {creditor} não tem integração: escolha o tipo de credor no cadastro.",
            "creditor",
        )
    return entry
