"""A creditor's Sienge as the office's gateway uses it, and its failures in the office's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cobranca.accounts.models import Agency
from cobranca.contracts.erp import ErpRefusalError, ErpUnconfirmedError, ErpUnreachableError
from cobranca.creditors.models import Creditor
from integrations.core.budget import CallBudget, Priority
from integrations.core.calls import Caller, CallJournal
from integrations.core.errors import IntegrationError, RetryableError, UnknownOutcomeError
from integrations.core.hooks import tokens_of
from integrations.core.http import HttpClient, Patience
from integrations.sienge.client import SiengeClient
from integrations.sienge.config import LOG_KIND, SYSTEM, SiengeConfig, load_config

# Somebody waits at the desk, and a web server has few hands: an ERP that hangs must not hold them
# all. What was sent and not answered in time is asked for later, as any lost answer.
AT_THE_DESK = Patience(tries=2, longest=2.0, answer=20.0)


@dataclass(frozen=True)
class Access:
    """What it takes to ask Sienge something about a creditor's customers."""

    creditor: Creditor
    config: SiengeConfig
    client: SiengeClient


def open_access(creditor: Creditor, priority: Priority, patience: Patience | None = None) -> Access:
    """Return the access of a creditor; ConfigError when something it needs is unset."""
    config = load_config(creditor.agency, creditor)
    client = make_client(config, creditor.agency, creditor, priority, patience=patience)
    return Access(creditor, config, client)


def make_client(
    config: SiengeConfig,
    agency: Agency,
    creditor: Creditor | None,
    priority: Priority,
    run_id: int | None = None,
    patience: Patience | None = None,
) -> SiengeClient:
    """Return a client whose calls are logged, and counted at a priority."""
    caller = Caller(
        agency.pk,
        LOG_KIND,
        user=config.user,
        secrets=(config.password, *tokens_of(agency, SYSTEM)),
        creditor_id=creditor.pk if creditor else None,
        run_id=run_id,
    )
    budget = CallBudget(agency.pk, SYSTEM, config.limits, priority)
    credentials = (config.user, config.password)
    http = HttpClient("Sienge", credentials, CallJournal(caller), budget, patience=patience)
    return SiengeClient(config, http)


@contextmanager
def in_office_words() -> Iterator[None]:
    """Raise what a call of Sienge may raise as what the office's gateway may raise."""
    try:
        yield
    except UnknownOutcomeError as error:
        raise ErpUnconfirmedError(error.message, retry_after=error.retry_after or 0) from error
    except RetryableError as error:
        raise ErpUnreachableError(error.message, retry_after=error.retry_after or 0) from error
    except IntegrationError as error:
        raise ErpRefusalError(error.message) from error
