"""Readings of one title that race to be applied: the later one stays, whoever comes last.

With its negative controls: without the memory of when a title was read, and without taking turns.
"""

from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError
from django_scopes import scope

from cobranca.contracts.mirror import readings, receipts
from cobranca.contracts.models import Installment, Payment
from tests.cobranca.contracts.mirror.book import (
    NOON,
    Mirror,
    customer,
    parcel,
    receipt,
    title,
)
from tests.concurrency.test_task_runs import race

# The function `apply` hides the module of the same name.
applying = import_module("cobranca.contracts.mirror.apply")
pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
RACES = 6
MARIA = customer("1", "11144477735", "MARIA DA SILVA")
BOOK = (MARIA, title("500", "1"), parcel("500", 1, "1000.00"))
PART = (*BOOK[:2], parcel("500", 1, "600.00"), receipt("500", 1, "400.00"))
later = count(1)


@pytest.fixture
def mirror(agency, creditor) -> Mirror:
    mirror = Mirror(creditor)
    with scope(agency=agency):
        mirror.load(*BOOK)
    return mirror


def contest(agency: Any, *calls: Callable[[], object]) -> tuple[Decimal, int]:
    """Race the calls; return the balance and how many receipts they leave."""

    def within(call: Callable[[], object]) -> Callable[[], object]:
        def go() -> object:
            with scope(agency=agency):
                return call()

        return go

    race(*map(within, calls))
    with scope(agency=agency):
        return Installment.objects.get().balance, Payment.objects.count()


def test_the_later_of_two_readings_stays(agency, mirror):
    for _ in range(RACES):
        minute = 10 * next(later)
        found = contest(
            agency,
            lambda minute=minute: mirror.read(*BOOK, minutes=minute),
            lambda minute=minute: mirror.read(*PART, minutes=minute + 1),
        )
        assert found == (Decimal("600.00"), 1)


def test_a_reading_stays_against_a_load_that_began_before_it(agency, mirror):
    for _ in range(RACES):
        found = contest(
            agency,
            lambda: mirror.load(*BOOK, read_at=NOON),
            lambda: mirror.read(*PART, minutes=next(later)),
        )
        assert found == (Decimal("600.00"), 1)


def test_without_the_memory_of_a_reading_the_older_load_undoes_it(agency, mirror, monkeypatch):
    monkeypatch.setattr(readings, "remember", lambda sql: None)

    with scope(agency=agency):
        mirror.read(*PART, minutes=next(later))
        mirror.load(*BOOK, read_at=NOON)
        assert Installment.objects.get().balance == Decimal("1000.00")


def test_a_receipt_two_readings_tell_at_once_is_received_once(agency, mirror):
    for _ in range(RACES):
        minute = 10 * next(later)
        reading = [
            lambda more=more, minute=minute: mirror.read(*PART, minutes=minute + more)
            for more in (0, 1)
        ]
        assert contest(agency, *reading) == (Decimal("600.00"), 1)


def test_without_taking_turns_both_would_record_it(agency, mirror, monkeypatch):
    looked = Barrier(2)
    real = receipts.apply

    def at_once(sql: Any) -> dict[str, int]:
        looked.wait(timeout=10)
        return real(sql)

    monkeypatch.setattr(applying, "_take_turn", lambda job: None)
    monkeypatch.setattr(receipts, "apply", at_once)
    refused: list[IntegrityError] = []

    def read(more: int) -> Callable[[], object]:
        def go() -> object:
            try:
                return mirror.read(*BOOK, receipt("500", 1, "400.00"), minutes=more)
            except IntegrityError as refusal:
                refused.append(refusal)
                return refusal

        return go

    contest(agency, read(1), read(2))

    assert len(refused) == 1
