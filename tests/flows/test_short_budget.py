"""A package that runs short: what matters least stops first, payments are read to the last call."""

import pytest

from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import gateway_for
from cobranca.contracts.models import Contract
from cobranca.creditors import choices
from integrations.core import outlook
from integrations.core.budget import PRIORITY_LABELS, CallBudget, Priority
from integrations.core.calls import BULK, REST
from integrations.core.errors import BudgetError
from integrations.core.states import RunStatus
from integrations.core.titles import Channel, sync_titles
from integrations.sienge import parameters as p
from integrations.sienge.config import limits_of_package

OVER = "cota"


def spend_to(office, part: int) -> None:
    """Bring both pools to a part of the day's quota, in percent, as others' calls might."""
    limits = limits_of_package("Essencial")
    budget = CallBudget(office.agency.pk, "sienge", limits, Priority.PAYMENTS)
    for pool in (REST, BULK):
        limit = limits[pool].per_day
        budget.heard(pool, remaining=max(limit - limit * part // 100, 1), limit=limit)
        if part == 100:
            budget.spend(pool)


def gets_through(office, contract: Contract) -> list[str]:
    """Return the kinds of work that the ERP is still asked for."""
    today = clock.today()
    gateway = gateway_for(office.creditor)

    def payments() -> None:
        sync_titles(
            office.creditor,
            [contract.external_id],
            channel=Channel.WEBHOOK,
            on=today,
            receipts=True,
            priority=Priority.PAYMENTS,
            now=clock.now(),
        )

    def load() -> None:
        run = office.load()
        if run.status != RunStatus.DONE:
            raise DomainError(run.message)

    work = {
        Priority.PAYMENTS: payments,
        Priority.AGREEMENTS: lambda: gateway.quote(contract, today),
        Priority.LOADS: load,
        Priority.REGISTRATION: lambda: choices.choices_for(
            p.IGNORED_COMPANIES, agency=office.agency
        ),
    }
    done, told = [], []
    for priority, ask in work.items():
        try:
            ask()
        except (BudgetError, DomainError) as error:
            told.append(str(error))
        else:
            done.append(priority.name)
    assert all(OVER in message for message in told), told
    return done


def refused(office) -> list[str]:
    rest, _ = outlook.outlook_of(office.agency, "sienge", clock.now())
    return [share.label for share in rest.refused]


@pytest.fixture
def contract(office) -> Contract:
    office.configure(p.PACKAGE, "Essencial")
    assert office.load(full=True).status == RunStatus.DONE
    return Contract.objects.filter(installments__status="open").order_by("pk")[0]


def test_what_matters_least_stops_first_and_payments_go_on(office, contract) -> None:
    names = list(PRIORITY_LABELS.values())

    assert gets_through(office, contract) == ["PAYMENTS", "AGREEMENTS", "LOADS", "REGISTRATION"]
    spend_to(office, 60)
    assert gets_through(office, contract) == ["PAYMENTS", "AGREEMENTS", "LOADS"]
    assert refused(office) == names[3:]
    spend_to(office, 80)
    assert gets_through(office, contract) == ["PAYMENTS", "AGREEMENTS"]
    assert refused(office) == names[2:]
    spend_to(office, 95)
    assert gets_through(office, contract) == ["PAYMENTS"]
    spend_to(office, 100)
    assert gets_through(office, contract) == []
    assert refused(office) == names


def test_opening_a_debtor_stops_with_the_loads(office, contract) -> None:
    spend_to(office, 80)

    with pytest.raises(DomainError, match=OVER):
        gateway_for(office.creditor).sync([contract], now=clock.now())
