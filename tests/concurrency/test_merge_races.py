"""Merging races with loads, agreements and payments: nothing is left with the one who is gone.

Negative controls: without taking turns with the loads a contract that a load brings stays with
the one who is gone; without the locks of what agreements hold so does an agreement.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from cobranca.agreements.models import Agreement, AgreementPayment
from cobranca.agreements.services import make_agreement, making
from cobranca.contracts.mirror import contacts
from cobranca.contracts.models import Contract
from cobranca.debtors import merging
from cobranca.debtors.holdings import ROOMS, Turn
from cobranca.debtors.merging import merge_debtors, undo_merge
from cobranca.debtors.models import Debtor, DebtorMerge, DebtorReference
from tests.cobranca.agreements.making import TODAY, agree, make_plain_campaign, pay, price
from tests.cobranca.contracts.mirror.book import Mirror, customer, parcel, title
from tests.concurrency.rivals import contest

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
RACES = 4
BOOK = (
    customer("1", "11144477735", "MARIA DA SILVA"),
    customer("2", "52998224725", "MARIA DA SILVA"),
    title("500", "1"),
    title("600", "2"),
    parcel("500", 1),
    parcel("600", 1),
)


@pytest.fixture
def mirror(agency, creditor) -> Mirror:
    mirror = Mirror(creditor)
    with scope(agency=agency):
        make_plain_campaign(creditor)
        mirror.load(*BOOK)
    return mirror


def pair() -> tuple[int, int]:
    found = DebtorReference.objects.order_by("external_id").values_list("debtor", flat=True)
    return found[0], found[1]


def merge_all(actor: Any) -> DebtorMerge:
    kept, gone = pair()
    return merge_debtors(kept_id=kept, gone_id=gone, actor=actor)


def left_behind() -> int:
    """Count what is still with somebody who was merged."""
    gone = Debtor.objects.exclude(merged_into=None)
    return Contract.objects.filter(debtor__in=gone).count() + (
        Agreement.objects.filter(debtor__in=gone).count()
    )


def news(number: int) -> tuple[Any, ...]:
    code = f"6{number:02}"
    return (title(code, "2"), parcel(code, 1))


def test_a_load_and_a_merge_take_turns(agency, mirror, supervisor):
    for number in range(1, RACES + 1):
        outcome = contest(
            agency,
            lambda: merge_all(supervisor),
            lambda number=number: mirror.load(*BOOK, *news(number)),
        )

        assert isinstance(outcome[0], DebtorMerge), outcome
        with scope(agency=agency):
            assert left_behind() == 0
            undo_merge(merge_id=outcome[0].pk, actor=supervisor)
            assert Contract.objects.values("debtor").distinct().count() == 2


def test_without_turns_a_load_brings_a_contract_to_one_who_is_gone(
    agency, mirror, supervisor, monkeypatch
):
    """The negative control: the load looks up its debtors, then the merge is made."""
    looked, merged = Barrier(2), Barrier(2)
    monkeypatch.setattr(ROOMS, "locks", [each for each in ROOMS.locks if each[0] != Turn.LOADS])
    apply = contacts.apply

    def slowly(sql: Any) -> Any:
        looked.wait(timeout=10)
        merged.wait(timeout=10)
        return apply(sql)

    def meanwhile() -> object:
        looked.wait(timeout=10)
        try:
            return merge_all(supervisor)
        finally:
            merged.wait(timeout=10)

    monkeypatch.setattr(contacts, "apply", slowly)
    contest(agency, lambda: mirror.load(*BOOK, *news(1)), meanwhile)

    with scope(agency=agency):
        assert left_behind() == 2  # the one it brings, and the one it gives back


def calls(actor: Any) -> tuple[Callable[[], object], Callable[[], object]]:
    theirs = Contract.objects.get(external_id="600")
    calculation = price(theirs)
    return lambda: merge_all(actor), lambda: make_agreement(calculation, actor=actor, on=TODAY)


def test_an_agreement_made_meanwhile_is_the_kept_ones(agency, mirror, supervisor):
    for _ in range(RACES):
        with scope(agency=agency):
            merging_now, agreeing = calls(supervisor)
        outcome = contest(agency, merging_now, agreeing)

        assert isinstance(outcome[0], DebtorMerge), outcome
        with scope(agency=agency):
            assert left_behind() == 0
            undo_merge(merge_id=outcome[0].pk, actor=supervisor)
            _forget_agreements()


def test_a_payment_made_meanwhile_is_not_lost(agency, mirror, supervisor):
    with scope(agency=agency):
        agreement = agree(Contract.objects.get(external_id="600"), supervisor)

    outcome = contest(
        agency, lambda: merge_all(supervisor), lambda: pay(agreement, supervisor, "40.00")
    )

    assert isinstance(outcome[0], DebtorMerge), outcome
    with scope(agency=agency):
        assert left_behind() == 0
        assert AgreementPayment.objects.get().amount == Decimal("40.00")
        agreement.refresh_from_db()
        assert agreement.debtor_id == outcome[0].kept_id


def test_without_locks_an_agreement_stays_with_one_who_is_gone(
    agency, mirror, supervisor, monkeypatch
):
    """The negative control: an agreement about to be written is not waited for."""
    monkeypatch.setattr(ROOMS, "locks", [])
    made, merged = Barrier(2), Barrier(2)
    saving = making._save

    def slowly(*args: Any, **columns: Any) -> Agreement:
        made.wait(timeout=10)
        merged.wait(timeout=10)
        return saving(*args, **columns)

    def meanwhile() -> object:
        made.wait(timeout=10)
        try:
            return merge_all(supervisor)
        finally:
            merged.wait(timeout=10)

    monkeypatch.setattr(making, "_save", slowly)
    with scope(agency=agency):
        _, agreeing = calls(supervisor)
    with without_triggers():
        outcome = contest(agency, agreeing, meanwhile)

    assert isinstance(outcome[1], DebtorMerge), outcome
    with scope(agency=agency):
        assert left_behind() == 1
        merging.gather_strays()
        assert left_behind() == 0


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let agreements be written for one who is gone, as if no trigger led them on."""
    _run("ALTER TABLE agreements_agreement DISABLE TRIGGER ALL")
    try:
        yield
    finally:
        _run("ALTER TABLE agreements_agreement ENABLE TRIGGER ALL")


def _forget_agreements() -> None:
    for table in ("agreementitem", "agreementinstallment", "agreement"):
        _run(f"DELETE FROM agreements_{table}")
    _run("DELETE FROM campaigns_quote")
    _run("UPDATE contracts_installment SET status = 'open'")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
