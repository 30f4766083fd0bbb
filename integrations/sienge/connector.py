"""Sienge behind the core's interface: reads portfolios, checks itself, offers lists."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.budget import Priority, office_time
from integrations.core.connector import HookState, Page, ResourceCheck, Scope
from integrations.core.errors import IntegrationError, PermanentError
from integrations.core.fields import code, text
from integrations.sienge.access import make_client
from integrations.sienge.checking import check_resources
from integrations.sienge.client import SiengeClient
from integrations.sienge.config import SiengeConfig, load_config
from integrations.sienge.hooks import HookKeeper
from integrations.sienge.paging import ListPage, list_all
from integrations.sienge.reading import read_pages
from integrations.sienge.rows import Named
from integrations.sienge.streams.load import Load
from integrations.sienge.streams.payments import read_payments
from integrations.sienge.streams.titles import TitleReader

_STAMP = "%Y-%m-%d %H:%M:%S"


class SiengeConnector:
    """One agency's Sienge, for one creditor (a company over there) or for none in particular."""

    def __init__(self, config: SiengeConfig, client: SiengeClient) -> None:
        self._config = config
        self._client = client
        self._titles = TitleReader(client, config.filters)
        self._hooks = HookKeeper(client, config.spc_events)

    @property
    def imports_branches(self) -> bool:
        """Tell whether branches not registered here are created (SIE-06)."""
        return self._config.imports_branches

    def read_portfolio(
        self, scope: Scope, resume: Mapping[str, Any] | None = None
    ) -> Iterator[Page]:
        """Yield pages until everything in `scope` was read; raise if it cannot be read whole."""
        journal = self._client.http.journal
        journal.window = _window(scope, journal.now())
        return read_pages(Load(self._client, self._config.filters, scope), resume)

    def read_payments(
        self, scope: Scope, resume: Mapping[str, Any] | None = None
    ) -> Iterator[Page]:
        """Yield pages of the installments that were paid, of contracts known here (SIE-19)."""
        journal = self._client.http.journal
        now = journal.now()
        journal.window = _window(scope, now)
        return read_payments(
            Load(self._client, self._config.filters, scope), office_time(now).date()
        )

    def read_titles(
        self, titles: Sequence[str], *, receipts: bool, boletos: Collection[str] = ()
    ) -> Iterator[Page]:
        """Yield pages of all that is known of some titles, whether open or not."""
        return self._titles.read(titles, receipts=receipts, boletos=boletos)

    def title_of_sale(self, sale: str) -> str:
        """Return the title of a sales contract; "" when the ERP does not have it."""
        return self._titles.title_of_sale(sale)

    def look_at_hooks(self, url: str, known: Collection[str]) -> list[HookState]:
        """Return the state of every subscription wanted at `url`; changes nothing."""
        return self._hooks.look(url, known)

    def install_hooks(self, url: str, token: str, known: Collection[str]) -> list[HookState]:
        """Create what is missing and replace what differs; doing it again changes nothing."""
        return self._hooks.install(url, token, known)

    def remove_hooks(self, url: str, known: Collection[str]) -> int:
        """Remove the subscriptions that lead to `url`; returns how many there were."""
        return self._hooks.remove(url, known)

    def check(self) -> list[ResourceCheck]:
        """Authenticate and try a harmless read of each resource; ConfigError if nobody can."""
        return check_resources(self._client)

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Return (code, description) pairs of the list `name`; KeyError if there is none."""
        fetch = self._lists()[name]
        pairs = (_choice(row.value) for row in list_all(fetch, lambda row: row.id) if row.value)
        return sorted((pair for pair in pairs if pair), key=_natural)

    def _lists(self) -> dict[str, Callable[[int], ListPage[Named]]]:
        return {
            "companies": self._client.companies,
            "payment_condition_types": self._client.payment_condition_types,
            "document_types": self._client.document_identifications,
            "indexers": self._client.indexers,
        }


def make_connector(
    creditor: Creditor, *, run_id: int | None = None, priority: Priority = Priority.LOADS
) -> SiengeConnector:
    """Return the connector of a creditor; ConfigError when something it needs is unset."""
    return connector_for(creditor.agency, creditor, run_id=run_id, priority=priority)


def connector_for(
    agency: Agency,
    creditor: Creditor | None = None,
    *,
    run_id: int | None = None,
    priority: Priority = Priority.LOADS,
) -> SiengeConnector:
    """Return the connector of an agency, of one of its creditors where there is one."""
    config = load_config(agency, creditor)
    return SiengeConnector(config, make_client(config, agency, creditor, priority, run_id))


def choices_for(agency: Agency, name: str) -> list[tuple[str, str]]:
    """Return a list offered next to a parameter; DomainError when it cannot be had now."""
    try:
        return connector_for(agency, priority=Priority.REGISTRATION).choices(name)
    except IntegrationError as error:
        raise DomainError(error.message) from error


def _choice(row: Named) -> tuple[str, str] | None:
    """Return a row's code and what people call it; None when it has no code."""
    told = text(row.name) or text(row.description) or text(row.trade_name)
    try:
        return code(row.id, "id"), told
    except PermanentError:
        return None


def _natural(pair: tuple[str, str]) -> tuple[bool, int, str]:
    """Order numbers as numbers, before words."""
    number = pair[0]
    return (False, int(number), "") if number.isdigit() else (True, 0, number)


def _window(scope: Scope, now: datetime) -> dict[str, str]:
    """Return the period as the log shows it (playbook 7.1.1); a batimento has no start."""
    window = {"data_fin": office_time(now).strftime(_STAMP)}
    if scope.full or scope.since is None:
        return window
    return {"data_ini": office_time(scope.since).strftime(_STAMP), **window}
