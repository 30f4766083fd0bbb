"""Two who receive money of one debtor at once: what the debtor owes is counted right.

With its negative control: without the debtor's lock each misses what the other changes.
"""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django_scopes import scope

from cobranca.contracts.models import Contract
from cobranca.contracts.services import installments, settle_installment
from cobranca.contracts.summary import refresh_summaries
from cobranca.debtors.models import DebtorSummary
from tests import factories
from tests.cobranca.agreements.making import TODAY, make_book
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
RACES = 8


@pytest.fixture
def new_contract(agency, creditor) -> Callable[[], Contract]:
    def make() -> Contract:
        with scope(agency=agency):
            contract = factories.make_contract(creditor, factories.make_debtor(agency))
            make_book(contract, ["1000.00", "1000.00"])
            refresh_summaries([contract.debtor_id])
        return contract

    return make


def pay_both(agency: Any, contract: Contract) -> tuple[Decimal, str]:
    """Pay both installments at the same moment; return the debtor's total, the contract's state."""

    def paying(number: int) -> Callable[[], object]:
        def pay() -> object:
            with scope(agency=agency):
                row = contract.installments.get(number=number)
                return settle_installment(
                    installment_id=row.pk, amount=Decimal(1000), paid_on=TODAY, actor=None
                )

        return pay

    race(paying(1), paying(2))
    with scope(agency=agency):
        contract.refresh_from_db()
        return DebtorSummary.objects.get(debtor=contract.debtor_id).open_total, contract.status


def test_nothing_is_owed_once_both_are_paid(agency, new_contract):
    for _ in range(RACES):
        assert pay_both(agency, new_contract()) == (0, "finished")


def test_without_the_debtors_lock_something_still_is(agency, new_contract, monkeypatch):
    looked = Barrier(2)
    real = installments._follow
    monkeypatch.setattr(installments, "_lock_debtors", lambda contract_ids: None)

    def follow(*args: Any) -> None:
        real(*args)
        looked.wait(timeout=10)

    monkeypatch.setattr(installments, "_follow", follow)

    assert pay_both(agency, new_contract()) == (1000, "active")
