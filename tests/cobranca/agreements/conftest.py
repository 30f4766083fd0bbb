import pytest

from cobranca.contracts import erp
from tests import factories
from tests.cobranca.agreements.ledger import Ledger
from tests.cobranca.agreements.making import make_book, make_plain_campaign


@pytest.fixture
def campaign(in_scope, creditor):
    return make_plain_campaign(creditor)


@pytest.fixture
def contract(in_scope, campaign, creditor, debtor):
    """A contract with three installments of 1.000,00, all late."""
    contract = factories.make_contract(creditor, debtor, number="3712")
    make_book(contract, ["1000.00", "1000.00", "1000.00"])
    return contract


@pytest.fixture
def ledger(monkeypatch):
    """An ERP that takes agreements, whoever the creditor is."""
    ledger = Ledger()
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: ledger])
    return ledger
