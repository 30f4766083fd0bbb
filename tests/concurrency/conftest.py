"""An office in which agreements are raced for."""

from collections.abc import Callable, Iterator

import pytest
from django_scopes import scope

from cobranca.contracts.models import Contract
from cobranca.contracts.summary import refresh_summaries
from tests import factories
from tests.cobranca.agreements.making import make_book, make_plain_campaign


@pytest.fixture
def office(agency, creditor, collector, supervisor) -> Iterator[None]:
    """Work within the agency's scope, on a creditor whose campaign charges nothing."""
    with scope(agency=agency):
        make_plain_campaign(creditor)
        yield


@pytest.fixture
def new_contract(office, creditor) -> Callable[[], Contract]:
    def make() -> Contract:
        contract = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
        make_book(contract, ["1000.00", "1000.00", "1000.00"])
        refresh_summaries([contract.debtor_id])
        return contract

    return make
