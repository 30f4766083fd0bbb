"""Promises are kept by what came, broken by what did not, and reopened by what went back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cobranca.accounts.models import Agency
from cobranca.contracts.models import Contract, Event, Payment
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.dunning import tasks
from cobranca.dunning.models import Promise
from cobranca.dunning.services import settle_debtor, settle_promises
from cobranca.dunning.services.summary import refresh_next_promises
from cobranca.scheduling.models import Holiday
from cobranca.scheduling.registry import RunContext
from tests import factories
from tests.cobranca.dunning.conftest import NOW, TODAY

FRIDAY = date(2026, 3, 13)
MONDAY = date(2026, 3, 16)
TUESDAY = date(2026, 3, 17)


def promise_of(debtor: Debtor, amount: str = "500.00", **fields: Any) -> Promise:
    given = {"made_on": TODAY, "promised_on": FRIDAY, "amount": Decimal(amount)}
    made = Promise.objects.create(agency=debtor.agency, debtor=debtor, **given | fields)
    refresh_next_promises([debtor.pk])
    return made


def pay(contract: Contract, amount: str, on: date = FRIDAY, **fields: Any) -> Payment:
    given = {"number": 1, "kind": "Recebimento", "gross": Decimal(amount), "net": Decimal(amount)}
    return Payment.objects.create(
        agency=contract.agency, contract=contract, paid_on=on, **given | fields
    )


def settle(agency: Agency, on: date) -> dict[str, int]:
    return dict(settle_promises(agency_id=agency.pk, on=on))


def status_of(promise: Promise) -> str:
    promise.refresh_from_db()
    return promise.status


def test_a_receipt_of_the_amount_keeps_a_promise(in_scope, contract, debtor):
    promise = promise_of(debtor)
    pay(contract, "500.00")

    assert settle(in_scope, FRIDAY) == {"kept": 1}

    assert status_of(promise) == "kept"
    assert (promise.received, promise.settled_on) == (Decimal("500.00"), FRIDAY)
    told = Event.objects.get(title="Promessa cumprida")
    assert told.kind == "contact"
    assert told.text == "R$ 500,00 em 13/03/2026\nRecebido: R$ 500,00"
    assert DebtorSummary.objects.get(debtor=debtor).next_promise_on is None


def test_part_of_the_amount_leaves_it_open_until_the_deadline_and_breaks_it_then(
    in_scope, contract, debtor
):
    promise = promise_of(debtor)
    pay(contract, "499.99", on=MONDAY)

    assert settle(in_scope, MONDAY) == {}
    assert status_of(promise) == "open"
    assert promise.received == Decimal("499.99")

    assert settle(in_scope, TUESDAY) == {"broken": 1}
    assert status_of(promise) == "broken"
    assert Event.objects.get(title="Promessa quebrada").text.endswith("Recebido: R$ 499,99")


def test_a_holiday_of_the_office_gives_a_day_more(in_scope, contract, debtor):
    promise = promise_of(debtor)
    Holiday.objects.create(agency=in_scope, day=MONDAY, name="Aniversário da cidade")

    assert settle(in_scope, TUESDAY) == {}
    assert settle(in_scope, TUESDAY + timedelta(days=1)) == {"broken": 1}
    assert status_of(promise) == "broken"


def test_a_receipt_told_late_keeps_a_promise_that_was_broken(in_scope, contract, debtor):
    promise = promise_of(debtor)
    settle(in_scope, TUESDAY)
    pay(contract, "500.00", on=MONDAY)

    assert settle(in_scope, TUESDAY + timedelta(days=9)) == {"kept": 1}

    assert status_of(promise) == "kept"


def test_money_that_came_after_the_deadline_does_not_keep_it(in_scope, contract, debtor):
    promise = promise_of(debtor)
    pay(contract, "500.00", on=TUESDAY)

    settle(in_scope, TUESDAY)

    assert status_of(promise) == "broken"


@pytest.mark.parametrize(
    ("on", "status"), [(FRIDAY, "open"), (TUESDAY, "broken")], ids=["in time", "after the deadline"]
)
@pytest.mark.parametrize("way", ["told no more", "a negative receipt"])
def test_a_receipt_taken_back_reopens_a_promise(in_scope, contract, debtor, on, status, way):
    promise = promise_of(debtor)
    payment = pay(contract, "500.00", on=TODAY)
    settle(in_scope, TODAY)
    if way == "told no more":
        payment.delete()
    else:
        pay(contract, "-500.00", on=TODAY, sequence=1)

    assert settle(in_scope, on) == {status: 1}

    assert status_of(promise) == status
    assert promise.received == 0
    assert "estornado" in Event.objects.order_by("pk").last().text
    upcoming = DebtorSummary.objects.get(debtor=debtor).next_promise_on
    assert upcoming == (FRIDAY if status == "open" else None)


def test_running_it_again_changes_nothing(in_scope, contract, debtor):
    promise_of(debtor)
    pay(contract, "500.00")
    settle(in_scope, TUESDAY)
    before = (list(Promise.objects.values()), Event.objects.count())

    assert settle(in_scope, TUESDAY) == {}

    assert (list(Promise.objects.values()), Event.objects.count()) == before


def test_what_is_no_money_keeps_no_promise(in_scope, contract, debtor):
    promise = promise_of(debtor)
    pay(contract, "500.00", kind="Bonificação", is_cash=False)

    settle(in_scope, FRIDAY)

    assert status_of(promise) == "open"


def test_one_receipt_does_not_keep_two_promises(in_scope, contract, debtor):
    first = promise_of(debtor)
    second = promise_of(debtor, promised_on=MONDAY)
    pay(contract, "700.00")

    settle(in_scope, FRIDAY)

    assert (status_of(first), status_of(second)) == ("kept", "open")
    assert second.received == Decimal("200.00")


def test_a_cancelled_promise_takes_nothing_and_stays_so(in_scope, contract, debtor):
    cancelled = promise_of(debtor, status="cancelled")
    standing = promise_of(debtor)
    pay(contract, "500.00")

    settle(in_scope, FRIDAY)

    assert (status_of(cancelled), status_of(standing)) == ("cancelled", "kept")


def test_a_promise_of_one_contract_is_kept_by_that_contract_only(
    in_scope, contract, creditor, debtor
):
    promise = promise_of(debtor, contract=contract)
    other = factories.make_contract(creditor, debtor)
    factories.make_installment(other)
    pay(other, "500.00")

    settle(in_scope, FRIDAY)

    assert status_of(promise) == "open"


def test_another_agencys_promises_are_left_alone(in_scope, other_agency, contract, debtor):
    promise = promise_of(debtor)
    pay(contract, "500.00")

    assert settle(other_agency, FRIDAY) == {}
    assert status_of(promise) == "open"


def test_old_promises_are_no_longer_looked_at(in_scope, contract, debtor):
    promise = promise_of(debtor)
    settle(in_scope, TUESDAY)
    pay(contract, "500.00")

    assert settle(in_scope, FRIDAY + timedelta(days=121)) == {}
    assert status_of(promise) == "broken"


def test_one_debtor_is_settled_alone(in_scope, creditor, contract, debtor):
    promise_of(debtor)
    neighbour = promise_of(factories.make_debtor(in_scope))
    pay(contract, "500.00")

    counts = settle_debtor(agency_id=in_scope.pk, debtor_id=debtor.pk, on=TUESDAY)

    assert dict(counts) == {"kept": 1}
    assert status_of(neighbour) == "open"


def test_many_debtors_cost_as_many_queries_as_one(in_scope, creditor, contract, debtor):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            settle(in_scope, FRIDAY)
        return len(made)

    promise_of(debtor)
    pay(contract, "500.00")
    one = cost()
    for _ in range(20):
        another = factories.make_debtor(in_scope)
        debt = factories.make_contract(creditor, another)
        factories.make_installment(debt)
        promise_of(another)
        pay(debt, "500.00")

    assert cost() == one
    assert Promise.objects.filter(status="kept").count() == 21


def test_the_task_says_what_it_did(in_scope, contract, debtor):
    promise_of(debtor)
    context = RunContext(
        run_id=1, agency=in_scope, parameters={}, due_at=NOW + timedelta(days=7),
        requested_by=None, is_ours=lambda: True,
    )  # fmt: skip

    told = tasks.run(context)

    assert told["message"] == "0 promessas cumpridas, 1 quebradas, 0 reabertas."
