"""Announcements raced for: stored once, held by one, applied once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.test import Client
from django_scopes import scope

from cobranca.contracts.models import Event, Installment
from integrations.core import registry
from integrations.core.inbox import bell, processing
from integrations.core.inbox.moves import leasing
from integrations.core.models import WebhookDelivery, WebhookRefusal
from tests import factories
from tests.concurrency.test_task_runs import race
from tests.integrations.core.inbox import tiny
from tests.integrations.core.inbox.tiny import NOW, make_title, received

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
RACES = 8


@pytest.fixture
def book(agency, monkeypatch):
    found = tiny.Book()
    monkeypatch.setitem(registry._ENTRIES, tiny.KIND, tiny.entry_for(found))
    monkeypatch.setattr(bell, "ring", lambda agency_id: None)
    return found


@pytest.fixture
def creditor(agency, book):
    with scope(agency=agency):
        return factories.make_creditor(agency, creditor_type=tiny.KIND, external_code="1")


# --- taken in -------------------------------------------------------------------------------------


def post(agency, key, token=tiny.TOKEN):
    headers = {"x-event": "PAID", "x-id": key, "Authorization": f"Bearer {token}"}
    url = f"/webhooks/tiny/{agency.pk}/"
    body = {"title": "5600"}
    return Client().post(url, body, content_type="application/json", headers=headers).status_code


def test_one_delivered_many_times_at_once_is_stored_once(agency, book):
    with scope(agency=agency):
        tiny.subscribe(agency)
    for number in range(RACES):
        statuses = race(*[lambda n=number: post(agency, f"key-{n}")] * 4)

        assert statuses == [200] * 4
    with scope(agency=agency):
        rows = list(WebhookDelivery.objects.all())
    assert len(rows) == RACES
    assert {row.repeats for row in rows} == {3}


def test_refusals_at_once_are_one_row(agency, book):
    with scope(agency=agency):
        tiny.subscribe(agency)

    assert race(*[lambda: post(agency, "x", token="wrong")] * 6) == [401] * 6

    with scope(agency=agency):
        counted = [row.count for row in WebhookRefusal.objects.all()]
    assert sum(counted) == 6
    assert len(counted) <= 2, "two only when the minute turned"


# --- held -----------------------------------------------------------------------------------------


def take(agency):
    def go():
        with scope(agency=agency):
            return [h.pk for h in leasing.take(agency_id=agency.pk, system="tiny", now=NOW)]

    return go


def test_no_announcement_is_held_twice(agency, book, monkeypatch):
    for number in range(RACES):
        with scope(agency=agency):
            for each in range(20):
                received(agency, f"{number}-{each}")

        held = race(*[take(agency)] * 3)

        everyone = [pk for mine in held for pk in mine]
        assert len(everyone) == len(set(everyone)) == 20


def test_without_the_locks_it_is_held_twice(agency, book, monkeypatch):
    """Read first and written afterwards, as `filter(…)` and `save()` would do it."""
    with scope(agency=agency):
        for each in range(20):
            received(agency, each)
    looked = Barrier(2)

    def careless():
        with scope(agency=agency):
            due = WebhookDelivery.objects.filter(status="waiting", due_at__lte=NOW)
            held = list(due.values_list("pk", flat=True))
            looked.wait(timeout=10)
            WebhookDelivery.objects.filter(pk__in=held).update(due_at=NOW + leasing.LEASE)
            return held

    first, second = race(careless, careless)

    assert set(first) & set(second)


# --- applied --------------------------------------------------------------------------------------


def worker(agency, at=NOW):
    def go():
        with scope(agency=agency):
            return processing.process(agency, clock=lambda: at)

    return go


def owed(agency, creditor, book, title):
    """Announce a payment that closes a title's only installment."""
    with scope(agency=agency):
        make_title(creditor, title, book=book)
        book.titles[title] = {1: Decimal(0)}
        return received(agency, title, contract=title)


def outcome(agency, title):
    with scope(agency=agency):
        return (
            Installment.objects.filter(contract__external_id=title, status="open").count(),
            Event.objects.filter(contract__external_id=title, kind="recall").count(),
        )


def test_two_workers_read_and_apply_once(agency, creditor, book):
    for number in range(RACES):
        title = str(5000 + number)
        owed(agency, creditor, book, title)

        race(worker(agency), worker(agency))

        assert book.times_read(title) == 1
        assert outcome(agency, title) == (0, 1)


@contextmanager
def anybody(agency_id: int) -> Iterator[bool]:
    """Let everybody in, as if the lock had been lost with its connection."""
    yield True


def test_without_the_lock_and_the_lease_both_read(agency, creditor, book, monkeypatch):
    """Taken by looking alone. The second one finds nothing of its own to mark: applied once."""
    row = owed(agency, creditor, book, "5000")
    monkeypatch.setattr(processing, "_only_one", anybody)
    looked, takers = Barrier(2), []

    def careless(**told):
        takers.append(told)
        if len(takers) > 2:
            return []
        looked.wait(timeout=10)
        return [leasing.Held(row.pk, "PAID", "5000", "", 1, NOW, NOW)]

    monkeypatch.setattr(leasing, "take", careless)

    race(worker(agency), worker(agency))

    assert book.times_read("5000") == 2
    assert outcome(agency, "5000") == (0, 1)


def test_a_lock_that_was_lost_does_not_let_a_second_worker_mark_or_apply(
    agency, creditor, book, monkeypatch
):
    """The first one's lease ran out while it read; the second did the work meanwhile."""
    monkeypatch.setattr(processing, "_only_one", anybody)
    row = owed(agency, creditor, book, "5000")
    reading, done = Barrier(2), Barrier(2)

    def slow(_):
        if book.times_read("5000") == 1:
            reading.wait(timeout=20)
            done.wait(timeout=20)

    book.before.append(slow)

    def second():
        reading.wait(timeout=20)
        report = worker(agency, NOW + leasing.LEASE + timedelta(seconds=1))()
        done.wait(timeout=20)
        return report

    late, quick = race(worker(agency), second)

    assert (late.done, quick.done) == (0, 1)
    assert outcome(agency, "5000") == (0, 1)
    with scope(agency=agency):
        row.refresh_from_db()
    assert (row.status, row.attempts) == ("done", 2)
