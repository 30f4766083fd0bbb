"""One renegotiation per contract in the ERP, one number per agreement: whoever is first has it."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest

from cobranca.agreements import services
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import holding, integrating, making
from cobranca.agreements.states import Mode
from cobranca.contracts import erp
from cobranca.contracts.erp import RenegotiationReceipt
from cobranca.contracts.models import Contract
from tests.cobranca.agreements.making import TODAY, agree
from tests.concurrency.rivals import RACES, contest, refusal_of, winners

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

# --- one renegotiation per contract ---------------------------------------------------------------


class Ledger(erp.ErpGateway):
    """An ERP that writes whatever it is told."""

    can_quote, can_integrate = False, True

    def integrate(self, order: Any) -> RenegotiationReceipt:
        return RenegotiationReceipt(order.key)


@pytest.fixture
def ledger(monkeypatch) -> None:
    monkeypatch.setattr(erp, "_resolvers", [lambda creditor: Ledger()])


def two_integrations(contract: Contract, actor: Any) -> list[Callable[[], object]]:
    def integrating_one(number: int) -> Callable[[], object]:
        row = contract.installments.get(number=number)
        proposal = agree(contract, actor, Mode.PROPOSAL, selection=[row.pk])
        return lambda: services.integrate_agreement(agreement_id=proposal.pk, actor=actor, on=TODAY)

    return [integrating_one(1), integrating_one(2)]


def in_erp(contract: Contract) -> int:
    return Agreement.objects.filter(items__contract=contract, is_integrated=True).count()


def test_a_contract_is_renegotiated_once(agency, new_contract, collector, ledger):
    for _ in range(RACES):
        contract = new_contract()

        outcome = contest(agency, *two_integrations(contract, collector))

        assert winners(outcome) == 1
        assert "só um reparcelamento por contrato" in refusal_of(outcome).lower()
        assert in_erp(contract) == 1


def test_without_the_lock_it_is_renegotiated_twice(
    agency, new_contract, collector, ledger, monkeypatch
):
    looked = Barrier(2)

    def careless(of: Any) -> None:
        looked.wait(timeout=10)

    monkeypatch.setattr(integrating, "lock_contracts", careless)
    monkeypatch.setattr(holding, "lock_contracts", careless)
    monkeypatch.setattr(holding, "renegotiated", meeting(holding.renegotiated, Barrier(2)))
    monkeypatch.setattr(integrating, "renegotiated", meeting(integrating.renegotiated, Barrier(2)))
    contract = new_contract()

    outcome = contest(agency, *two_integrations(contract, collector))

    assert winners(outcome) == 2
    assert in_erp(contract) == 2


def meeting(real: Callable[..., Any], looked: Barrier) -> Callable[..., Any]:
    """Return `real`, after which everybody waits until all have looked."""

    def look(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        looked.wait(timeout=10)
        return found

    return look


# --- numbers --------------------------------------------------------------------------------------


def test_numbers_have_neither_gaps_nor_twins(agency, new_contract, collector):
    for _ in range(3):
        contracts = [new_contract() for _ in range(4)]

        contest(agency, *(lambda c=c: agree(c, collector) for c in contracts))

    numbers = Agreement.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 13))


def test_without_the_lock_one_of_two_is_lost(agency, new_contract, collector, monkeypatch):
    contracts = [new_contract() for _ in range(2)]
    looked = Barrier(2)

    def careless(agency_id: int) -> int:
        number = Agreement.objects.filter(agency=agency_id).count() + 1
        looked.wait(timeout=10)
        return number

    monkeypatch.setattr(making, "next_number", careless)
    outcome = contest(agency, *(lambda c=c: agree(c, collector) for c in contracts))

    assert winners(outcome) == 1
    assert Agreement.objects.count() == 1
