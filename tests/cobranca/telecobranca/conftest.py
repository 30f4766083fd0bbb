"""Debts that the calculation screen is tried with."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.contracts.models import Contract
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from tests import factories, playbook


@pytest.fixture
def gateway() -> Iterator[playbook.PlaybookGateway]:
    with playbook.erp_of(playbook.PlaybookGateway(playbook.playbook_rows())) as installed:
        yield installed


@pytest.fixture
def table_a(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    with scope(agency=agency):
        playbook.campaign_of(creditor)
    return playbook.table_a(creditor, debtor)


@pytest.fixture
def table_b(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    with scope(agency=agency):
        playbook.campaign_of(creditor, fee="0")
    return playbook.table_b(creditor, debtor)


@pytest.fixture
def simple(agency: Agency, creditor: Creditor, debtor: Debtor) -> Contract:
    """One contract of two late installments and one to come, priced by a campaign."""
    with scope(agency=agency):
        playbook.campaign_of(
            creditor, max_discount_principal=Decimal(20), max_discount_fee=Decimal(50)
        )
        contract = factories.make_contract(creditor, debtor, issued_on=date(2026, 1, 1))
        for number, due in enumerate((date(2026, 3, 10), date(2026, 4, 10), date(2027, 5, 10)), 1):
            factories.make_installment(contract, number, label=str(number), due_date=due)
    return contract
