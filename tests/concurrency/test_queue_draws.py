"""Collectors who ask for the next debtor at once never get the same one.

With its negative controls: without the lock, or without a look at whether it was taken, they do.
QUEUE_DRAWS says how many draws the race is of.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from cobranca.accounts.roles import COLLECTOR
from cobranca.dunning import contact_law
from cobranca.telecobranca.models import QueueDraw, QueueEntry
from cobranca.telecobranca.queue_candidates import CANDIDATES, values_for
from cobranca.telecobranca.queue_places import places_at
from cobranca.telecobranca.services import drawing, queue
from tests import factories
from tests.cobranca.telecobranca.queueing import AT, ON, make_queue
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
DRAWS = int(os.environ.get("QUEUE_DRAWS", "600"))
COLLECTORS = 8
LOCK = "FOR UPDATE OF e SKIP LOCKED"
# Debtors by summary alone, as many as a race draws.
CROWD = """
WITH made AS (
    INSERT INTO debtors_debtor (agency_id, name, document, kind, social_name, details)
    SELECT %(agency)s, 'D' || n, '', 'natural', '', '{}' FROM generate_series(1, %(size)s) n
    RETURNING id
)
INSERT INTO debtors_debtorsummary
    (agency_id, debtor_id, open_total, open_count, contract_count, oldest_due_date)
SELECT %(agency)s, id, id, 1, 1, %(on)s::date - 10 FROM made
"""


@pytest.fixture(autouse=True)
def always_open(monkeypatch):
    monkeypatch.setattr(contact_law, "open_places", lambda at: EVERYWHERE)


EVERYWHERE = ["-"]


@pytest.fixture
def office(agency) -> Callable[[int], list[Any]]:
    """Fill the queue with so many debtors; return the collectors."""

    def make(size: int) -> list[Any]:
        with scope(agency=agency), connection.cursor() as cursor:
            make_queue(agency)
            cursor.execute(CROWD, {"agency": agency.pk, "size": size, "on": ON})
            queue.refresh_queue(agency.pk, ON, AT)
        return [factories.make_user(agency, COLLECTOR) for _ in range(COLLECTORS)]

    return make


def drawing_all(agency: Any, collector: Any, times: int, draw: Any) -> Callable[[], object]:
    def go() -> list[int]:
        with scope(agency=agency):
            return [got for n in range(times) if (got := draw(collector, n)) is not None]

    return go


def draws_of(agency: Any, collectors: list[Any], times: int, draw: Any) -> Counter[int]:
    """Let everybody draw so many times at once; return how often each debtor was drawn."""
    got = race(*(drawing_all(agency, each, times, draw) for each in collectors))
    return Counter(debtor for each in got for debtor in each)


def one(collector: Any, turn: int) -> int | None:
    drawn = queue.next_debtor(collector, AT + timedelta(milliseconds=turn))
    return drawn and drawn.debtor_id


def test_nobody_is_given_to_two(agency, office):
    times = DRAWS // COLLECTORS
    collectors = office(times * COLLECTORS + COLLECTORS)

    drawn = draws_of(agency, collectors, times, one)

    assert drawn.total() == times * COLLECTORS
    assert drawn.most_common(1)[0][1] == 1
    with scope(agency=agency):
        assert QueueEntry.objects.filter(held_by__isnull=False).count() == COLLECTORS
        assert QueueDraw.objects.count() == (times - 1) * COLLECTORS


def test_the_last_ones_are_given_once_and_then_nobody(agency, office):
    collectors = office(COLLECTORS - 3)

    drawn = draws_of(agency, collectors, 1, one)

    assert drawn.total() == COLLECTORS - 3
    assert drawn.most_common(1)[0][1] == 1


def test_without_the_lock_some_are_given_to_two(agency, office):
    """Look first, then take: what was free for everybody is taken by everybody."""
    collectors = office(COLLECTORS * 2)
    looked = Barrier(COLLECTORS)

    def careless(collector: Any, turn: int) -> int | None:
        values = values_for(collector, AT, places_at(AT))
        with connection.cursor() as cursor:
            cursor.execute(CANDIDATES + " ORDER BY c.turn, c.rank LIMIT 1", values)
            debtor = cursor.fetchone()[0]
        looked.wait(timeout=10)
        QueueEntry.objects.filter(pk=debtor).update(held_by=collector)
        return int(debtor)

    drawn = draws_of(agency, collectors, 1, careless)

    assert drawn.most_common(1)[0][1] == COLLECTORS


@contextmanager
def without_lock() -> Iterator[None]:
    """Take the lock out of the database's function, and put it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('telecobranca_draw'::regproc)")
        whole = cursor.fetchone()[0]
        assert whole.count(LOCK) == 2
        cursor.execute(whole.replace(LOCK, ""))
        try:
            yield
        finally:
            cursor.execute(whole)


def test_the_draw_without_its_lock_gives_some_to_two(agency, office):
    """The same draw without FOR UPDATE SKIP LOCKED: the second writer waits, then writes."""
    collectors = office(COLLECTORS * 40)
    with without_lock():
        drawn = draws_of(agency, collectors, 30, one)

    assert drawn.most_common(1)[0][1] > 1


def test_a_ranking_under_way_hides_nobody(agency, office):
    """Rows that a ranking writes are locked until it ends: whoever finds nobody asks again."""
    collectors = office(COLLECTORS)
    ranking = Barrier(2)

    def rank() -> None:
        with scope(agency=agency), connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [drawing.LOCK_SPACE, agency.pk])
            cursor.execute("UPDATE telecobranca_queueentry SET rank = rank + 1")
            ranking.wait(timeout=10)
            cursor.execute("SELECT pg_sleep(0.3)")
            cursor.execute("COMMIT")

    def ask() -> int | None:
        ranking.wait(timeout=10)
        with scope(agency=agency):
            return one(collectors[0], 0)

    assert race(rank, ask)[1] is not None
