"""A served central bank, and an agency that reads it."""

from collections.abc import Callable, Iterator

import pytest

from cobranca.accounts.models import Agency
from cobranca.creditors.models import ParameterValue
from integrations.sgs import parameters as p
from tests.integrations.sgs.bank import Bank, open_bank


@pytest.fixture
def bank(settings) -> Iterator[Bank]:
    settings.INTEGRATION_FIRST_PAUSE = 0.001
    served = open_bank()
    yield served
    served.running.stop()


@pytest.fixture
def point() -> Callable[[Agency, str], None]:
    """Have an agency read from an address, as its parameter is stored."""

    def set_address(agency: Agency, address: str) -> None:
        ParameterValue.objects.update_or_create(
            agency=agency,
            creditor=None,
            section=p.SECTION,
            key=p.API_ADDRESS.key,
            defaults={"value": p.API_ADDRESS.kind.store(p.API_ADDRESS.kind.parse(address))},
        )

    return set_address


@pytest.fixture
def office(in_scope: Agency, bank: Bank, point) -> Agency:
    """An agency whose indices come from the simulated bank."""
    point(in_scope, bank.url)
    return in_scope
