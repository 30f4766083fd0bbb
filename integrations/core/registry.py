"""Which connector serves which creditor type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import ErpGateway
from cobranca.creditors.models import Creditor
from integrations.core.connector import Announcement


@dataclass(frozen=True)
class Announced:
    """Which facts of our book a system announces, by which event (the loss meter)."""

    receipt: str
    receipt_kinds: tuple[str, ...]
    installment_created: str
    contract_cancelled: str


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
    # The one among the layouts that reads receipts only (SIE-19): it is never a batimento.
    payments_layout: str = ""
    # Whether an agency wants a scheduled task for each creditor instead of one for all.
    one_task_per_creditor: Callable[[Agency], bool] = lambda _: False
    # Makes the gateway the office asks (cobranca.contracts.erp); None: nothing may be asked.
    gateway: Callable[[Creditor], ErpGateway] | None = None
    # Understands a delivery from its headers (lower case) and body; ValueError when it cannot.
    read_webhook: Callable[[Mapping[str, str], bytes], Announcement] | None = None
    # What is announced of what loads find too; None: what is lost cannot be told.
    announced: Announced | None = None
    # Events after which the boletos of their title are asked for (`read_titles`).
    boleto_events: frozenset[str] = frozenset()
    # Days that announcements of titles unknown here are kept (SIE-17).
    webhook_days: Callable[[Agency], int] = lambda _: 7


_ENTRIES: dict[str, ConnectorEntry] = {}
_FOLLOWERS: list[Callable[[ConnectorEntry], None]] = []


def register(entry: ConnectorEntry) -> None:
    """Make a connector known; done once by its app when the product starts."""
    _ENTRIES[entry.creditor_type] = entry
    for told in _FOLLOWERS:
        told(entry)


def follow(told: Callable[[ConnectorEntry], None]) -> None:
    """Have `told` called with every connector: those known now, and each that comes."""
    _FOLLOWERS.append(told)
    for entry in entries():
        told(entry)


def entries() -> list[ConnectorEntry]:
    """Return all connectors by label."""
    return sorted(_ENTRIES.values(), key=lambda entry: entry.label)


def entry_of_system(system: str) -> ConnectorEntry | None:
    """Return the connector named as in addresses (`sienge`); None when there is none."""
    return next((entry for entry in _ENTRIES.values() if entry.system == system), None)


def find_gateway(creditor: Creditor) -> ErpGateway | None:
    """Return the gateway to a creditor's ERP; None when it has none."""
    entry = _ENTRIES.get(creditor.creditor_type)
    return entry.gateway(creditor) if entry and entry.gateway else None


def entry_for(creditor: Creditor) -> ConnectorEntry:
    """Return the connector of `creditor`, or say in words that it has none."""
    entry = _ENTRIES.get(creditor.creditor_type)
    if entry is None:
        raise DomainError(
            f"O credor {creditor} não tem integração: escolha o tipo de credor no cadastro.",
            "creditor",
        )
    return entry
