"""An office with its results, and a debtor who owes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cobranca.accounts.models import Agency
from cobranca.contracts.models import Contract
from cobranca.contracts.summary import refresh_summaries
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor, Phone
from cobranca.dunning.models import ContactResult
from cobranca.dunning.results import default_results
from tests import factories

# A Tuesday, 14:00 in São Paulo.
TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)


@pytest.fixture
def results(in_scope: Agency) -> dict[str, ContactResult]:
    """The office's results by code."""
    return {result.code: result for result in default_results(in_scope)}


@pytest.fixture
def contract(in_scope: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    """R$ 1.000,00 that fell due a month ago and R$ 1.000,00 due in a month."""
    contract = factories.make_contract(creditor, debtor, number="3712")
    for number, due in enumerate((date(2026, 2, 10), date(2026, 4, 10)), 1):
        factories.make_installment(contract, number, label=f"{number}/2", due_date=due)
    refresh_summaries([debtor.pk])
    return contract


@pytest.fixture
def phone(in_scope: Agency, debtor: Debtor) -> Phone:
    return Phone.objects.create(agency=in_scope, debtor=debtor, number="11987654321", is_main=True)


def reais_of(text: str) -> Decimal:
    return Decimal(text)
