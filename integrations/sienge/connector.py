"""Sienge behind the core's interface: reads portfolios, checks itself, offers lists."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core.budget import CallBudget, Priority, office_time
from integrations.core.calls import Caller, CallJournal
from integrations.core.connector import Page, ResourceCheck, Scope
from integrations.core.errors import IntegrationError, PermanentError
from integrations.core.fields import code, text
from integrations.core.http import HttpClient
from integrations.sienge.checking import check_resources
from integrations.sienge.client import SiengeClient
from integrations.sienge.config import LOG_KIND, SYSTEM, SiengeConfig, load_config
from integrations.sienge.paging import ListPage, list_all
from integrations.sienge.reading import read_pages
from integrations.sienge.rows import Named
from integrations.sienge.streams.load import Load

_STAMP = "%Y-%m-%d %H:%M:%S"


class SiengeConnector:
    """One agency's Sienge, for one creditor (a company over there) or for none in particular."""

    def __init__(self, config: SiengeConfig, client: SiengeClient) -> None:
        self._config = config
        self._client = client

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
    caller = Caller(
        agency.pk,
        LOG_KIND,
        user=config.user,
        secrets=(config.password,),
        creditor_id=creditor.pk if creditor else None,
        run_id=run_id,
    )
    budget = CallBudget(agency.pk, SYSTEM, config.limits, priority)
    http = HttpClient("Sienge", (config.user, config.password), CallJournal(caller), budget)
    return SiengeConnector(config, SiengeClient(config, http))


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
