"""Rivals for installments, agreements and parcels: exactly one wins, the other is told why.

Each race has a negative control, the same race without the locks under test: there both look
before either writes, both believe to have won, and something is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from cobranca.agreements import services
from cobranca.agreements.models import Agreement, AgreementItem, AgreementPayment
from cobranca.agreements.services import locking
from cobranca.agreements.states import Mode
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.services import receipts, settle_installment
from cobranca.contracts.states import InstallmentStatus as Status
from tests.cobranca.agreements.making import (
    TODAY,
    agree,
    owed,
    statuses,
)
from tests.concurrency.rivals import RACES, contest, refusal_of, winners

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
FIRST_DUE = date(2026, 4, 10)
INDEX = "agreementitem_live_uniq"


# --- without the locks ----------------------------------------------------------------------------


def careless_lock(looked: Barrier) -> Callable[..., list[Installment]]:
    """Return a way to read installments that one must not have: everybody looks, no lock."""

    def look(ids: Any) -> list[Installment]:
        related = ("contract__creditor", "contract__debtor")
        rows = Installment.objects.select_related(*related).filter(pk__in=list(ids))
        found = list(rows.order_by("pk"))
        looked.wait(timeout=10)
        return found

    return look


def careless_agreement(agreement_id: int) -> Agreement:
    """Read an agreement without its lock."""
    return Agreement.objects.select_related("agency", "creditor", "debtor").get(pk=agreement_id)


@pytest.fixture
def no_locks(monkeypatch) -> None:
    """Take the locks of agreements and installments away from two rivals that meet once."""
    looked = Barrier(2)
    monkeypatch.setattr(locking, "lock_agreement", careless_agreement)
    monkeypatch.setattr(locking, "lock_installments", careless_lock(looked))
    monkeypatch.setattr(receipts, "lock_installments", careless_lock(looked))


@contextmanager
def without_index() -> Iterator[None]:
    """Take the unique index of live items away for a while."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {INDEX}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE agreements_agreementitem SET is_live = false")
            cursor.execute(
                f"CREATE UNIQUE INDEX {INDEX} ON agreements_agreementitem (installment_id)"
                " WHERE is_live"
            )


# --- two agreements, one installment --------------------------------------------------------------


def proposals(contract: Contract, actor: Any) -> list[Callable[[], object]]:
    """Return the taking of effect of two proposals about the same debt."""

    def taking(agreement: Agreement) -> Callable[[], object]:
        return lambda: services.submit_agreement(agreement_id=agreement.pk, actor=actor, on=TODAY)

    return [taking(agree(contract, actor, Mode.PROPOSAL)) for _ in range(2)]


def live(contract: Contract) -> int:
    return AgreementItem.objects.filter(contract=contract, is_live=True).count()


def test_one_of_two_agreements_gets_the_installments(agency, new_contract, collector):
    for _ in range(RACES):
        contract = new_contract()

        outcome = contest(agency, *proposals(contract, collector))

        assert winners(outcome) == 1
        winner = Agreement.objects.get(items__contract=contract, status="active", items__position=1)
        for number in (1, 2, 3):
            assert (
                f"parcela {number} do contrato {contract} já está no acordo {winner.number}"
                in refusal_of(outcome)
            )
        assert live(contract) == 3
        assert statuses(contract) == [Status.NEGOTIATED] * 3


def test_made_at_the_same_moment_one_of_two_is_made(agency, new_contract, collector):
    for _ in range(RACES):
        contract = new_contract()
        make = lambda contract=contract: agree(contract, collector)  # noqa: E731

        outcome = contest(agency, make, make)

        assert winners(outcome) == 1
        assert Agreement.objects.filter(items__contract=contract).distinct().count() == 1


def test_without_the_lock_the_index_has_the_last_word(agency, new_contract, collector, no_locks):
    contract = new_contract()
    calls = prepared(lambda: proposals(contract, collector))

    outcome = contest(agency, *calls)

    assert winners(outcome) == 1
    assert live(contract) == 3


def test_without_lock_and_index_both_get_them(agency, new_contract, collector, no_locks):
    contract = new_contract()
    calls = prepared(lambda: proposals(contract, collector))

    with without_index():
        outcome = contest(agency, *calls)

        assert winners(outcome) == 2
        assert live(contract) == 6


def prepared(setting_up: Callable[[], Any]) -> Any:
    """Set a race up with the locks in place: alone, nobody would come to the meeting."""
    careless = locking.lock_installments, locking.lock_agreement
    locking.lock_installments, locking.lock_agreement = REAL
    try:
        return setting_up()
    finally:
        locking.lock_installments, locking.lock_agreement = careless


REAL = (locking.lock_installments, locking.lock_agreement)


# --- an agreement and a payment at the office -----------------------------------------------------


def rivals_for_the_first(contract: Contract, actor: Any) -> list[Callable[[], object]]:
    first = contract.installments.get(number=1)
    proposal = agree(contract, actor, Mode.PROPOSAL, selection=[first.pk])
    return [
        lambda: services.submit_agreement(agreement_id=proposal.pk, actor=actor, on=TODAY),
        lambda: settle_installment(
            installment_id=first.pk, amount=Decimal(1000), paid_on=TODAY, actor=actor
        ),
    ]


def test_an_installment_is_agreed_on_or_paid(agency, new_contract, collector):
    for _ in range(RACES):
        contract = new_contract()

        outcome = contest(agency, *rivals_for_the_first(contract, collector))

        assert winners(outcome) == 1
        assert "já não está em aberto" in refusal_of(outcome)
        assert (statuses(contract)[0] == Status.NEGOTIATED) == (live(contract) == 1)


def test_without_the_lock_it_is_both(agency, new_contract, collector, no_locks):
    contract = new_contract()
    calls = prepared(lambda: rivals_for_the_first(contract, collector))

    outcome = contest(agency, *calls)

    assert winners(outcome) == 2
    assert live(contract) == 1  # paid in full at the office, and owed again by the agreement


# --- a breach and a payment of a parcel -----------------------------------------------------------


def breach_and_payment(
    contract: Contract, actor: Any, amount: str | None
) -> tuple[Agreement, list[Callable[[], object]]]:
    agreement = agree(contract, actor, parts=3, first_due=FIRST_DUE)
    receipt = services.Receipt(paid_on=TODAY, amount=Decimal(amount) if amount else None)
    pk = agreement.pk
    return agreement, [
        lambda: services.break_agreement(agreement_id=pk, actor=actor, on=TODAY, reason="x"),
        lambda: services.pay_agreement(agreement_id=pk, receipt=receipt, actor=actor, on=TODAY),
    ]


def test_an_agreement_is_broken_or_paid_off(agency, new_contract, collector):
    for _ in range(RACES):
        contract = new_contract()
        agreement, calls = breach_and_payment(contract, collector, None)

        outcome = contest(agency, *calls)

        assert winners(outcome) == 1
        agreement.refresh_from_db()
        ends = {"settled": [Status.SETTLED] * 3, "broken": [Status.OPEN] * 3}
        assert statuses(contract) == ends[agreement.status]


def test_money_of_a_breaking_agreement_is_refused_or_taken_off(agency, new_contract, collector):
    for _ in range(RACES):
        contract = new_contract()
        _, calls = breach_and_payment(contract, collector, "500.00")

        contest(agency, *calls)

        assert sum(owed(contract)) + received(contract) == 3000
        assert set(statuses(contract)) == {Status.OPEN}


def received(contract: Contract) -> Decimal:
    payments = AgreementPayment.objects.filter(agreement__items__contract=contract).distinct()
    return sum((each.amount for each in payments), Decimal(0))


def test_without_the_lock_the_money_is_lost(agency, new_contract, collector, no_locks):
    contract = new_contract()
    _, calls = prepared(lambda: breach_and_payment(contract, collector, "500.00"))

    outcome = contest(agency, *calls)

    assert winners(outcome) == 2
    assert sum(owed(contract)) + received(contract) == 3500  # received, and still owed


# --- two payments of one parcel, two reversals of one payment -------------------------------------


def two_payments(contract: Contract, actor: Any) -> tuple[Agreement, list[Callable[[], object]]]:
    agreement = agree(contract, actor, parts=3, first_due=FIRST_DUE)
    receipt = services.Receipt(paid_on=TODAY, parcel_id=agreement.parcels.get(number=1).pk)

    def pay() -> object:
        return services.pay_agreement(
            agreement_id=agreement.pk, receipt=receipt, actor=actor, on=TODAY
        )

    return agreement, [pay, pay]


def test_a_parcel_is_paid_once(agency, new_contract, collector):
    for _ in range(RACES):
        contract = new_contract()
        agreement, calls = two_payments(contract, collector)

        outcome = contest(agency, *calls)

        assert winners(outcome) == 1
        assert "já está paga" in refusal_of(outcome)
        assert received(contract) == sum(each.paid for each in agreement.parcels.all()) == 1000


def test_without_the_lock_it_is_paid_twice(agency, new_contract, collector, no_locks):
    contract = new_contract()
    agreement, calls = prepared(lambda: two_payments(contract, collector))

    outcome = contest(agency, *calls)

    assert winners(outcome) == 2
    assert received(contract) == 2000
    assert sum(each.paid for each in agreement.parcels.all()) == 1000


def two_reversals(contract: Contract, actor: Any) -> tuple[Agreement, list[Callable[[], object]]]:
    agreement, calls = two_payments(contract, actor)
    (first,) = calls[0]()  # type: ignore[misc]
    receipt = services.Receipt(paid_on=TODAY, amount=Decimal(500))
    services.pay_agreement(agreement_id=agreement.pk, receipt=receipt, actor=actor, on=TODAY)

    def reverse() -> object:
        return services.reverse_payment(payment_id=first.pk, actor=actor, on=TODAY, reason="x")

    return agreement, [reverse, reverse]


def test_a_payment_is_reversed_once(agency, new_contract, collector):
    for _ in range(RACES):
        agreement, calls = two_reversals(new_contract(), collector)

        outcome = contest(agency, *calls)

        assert winners(outcome) == 1
        assert "já foi estornado" in refusal_of(outcome)
        assert sum(each.paid for each in agreement.parcels.all()) == 500


def test_without_the_lock_both_reverse_it(agency, new_contract, collector, no_locks):
    _, calls = prepared(lambda: two_reversals(new_contract(), collector))

    assert winners(contest(agency, *calls)) == 2


# --- approved, refused, cancelled -----------------------------------------------------------------


def a_decision(
    contract: Contract, collector: Any, supervisor: Any, service: Any
) -> tuple[Agreement, list[Callable[[], object]]]:
    agreement = agree(contract, collector, discount="30")
    told = {"agreement_id": agreement.pk, "actor": supervisor, "on": TODAY}
    return agreement, [
        lambda: services.approve_agreement(**told),
        lambda: service(**told, reason="x"),
    ]


def test_an_agreement_is_approved_or_refused(agency, new_contract, collector, supervisor):
    for _ in range(RACES):
        contract = new_contract()
        agreement, calls = a_decision(contract, collector, supervisor, services.refuse_agreement)

        outcome = contest(agency, *calls)

        assert winners(outcome) == 1
        assert_held_as_it_says(agreement, contract)


def test_without_the_lock_it_is_both_approved_and_refused(
    agency, new_contract, collector, supervisor, no_locks
):
    contract = new_contract()
    _, calls = prepared(
        lambda: a_decision(contract, collector, supervisor, services.refuse_agreement)
    )

    assert winners(contest(agency, *calls)) == 2


def test_approved_and_cancelled_at_once_it_is_cancelled(
    agency, new_contract, collector, supervisor
):
    """One in force may be cancelled too: whoever approves last is refused, or has approved."""
    for _ in range(RACES):
        contract = new_contract()
        agreement, calls = a_decision(contract, collector, supervisor, services.cancel_agreement)

        approved, cancelled = contest(agency, *calls)

        assert winners([cancelled]) == 1
        agreement.refresh_from_db()
        assert (agreement.status, agreement.approved_by_id is not None) == (
            "cancelled", winners([approved]) == 1,
        )  # fmt: skip
        assert_held_as_it_says(agreement, contract)


def assert_held_as_it_says(agreement: Agreement, contract: Contract) -> None:
    agreement.refresh_from_db()
    is_held = agreement.status == "active"
    assert set(statuses(contract)) == {Status.NEGOTIATED if is_held else Status.OPEN}
    assert live(contract) == (3 if is_held else 0)
