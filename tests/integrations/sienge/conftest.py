"""A tiny Sienge that is served, and an agency and creditor connected to it."""

from collections.abc import Callable, Iterator

import pytest

from cobranca.accounts.models import Agency
from cobranca.creditors.models import Creditor
from integrations.sienge import parameters as p
from integrations.sienge.connector import SiengeConnector, make_connector
from tests import factories
from tests.integrations.sienge.office import configure
from tests.integrations.sienge.tiny import TinySienge


@pytest.fixture
def sienge(settings, monkeypatch) -> Iterator[TinySienge]:
    settings.INTEGRATION_FIRST_PAUSE = 0.001
    # The limits of a minute are tested with a clock of their own (tests/integrations/core).
    monkeypatch.setattr("integrations.sienge.config.REST_PER_MINUTE", 10_000)
    monkeypatch.setattr("integrations.sienge.config.BULK_PER_MINUTE", 10_000)
    tiny = TinySienge()
    with tiny.server:
        yield tiny


@pytest.fixture
def company(in_scope: Agency) -> Creditor:
    """Return a creditor that is company 17 of Sienge."""
    return factories.make_creditor(in_scope, creditor_type="SIENGE", external_code="17")


@pytest.fixture
def connect(
    in_scope: Agency, company: Creditor, sienge: TinySienge
) -> Callable[[], SiengeConnector]:
    configure(
        in_scope,
        {p.USER: "x-cobranca", p.PASSWORD: "segredo-do-teste", p.API_ADDRESS: sienge.api_url},
    )
    return lambda: make_connector(company)
