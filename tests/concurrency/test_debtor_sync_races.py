"""Two collectors open one debtor, two workers hear of it: the ERP is asked once."""

from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django_scopes import scope

from cobranca.contracts.models import DebtorSync
from cobranca.contracts.services.syncing import request_sync, take_sync
from cobranca.contracts.states import SyncStatus
from tests import factories
from tests.concurrency.rivals import RACES, contest

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 23, 17, 42, tzinfo=UTC)


@pytest.fixture
def bells(monkeypatch) -> list[tuple[Any, ...]]:
    heard: list[tuple[Any, ...]] = []
    monkeypatch.setattr("cobranca.common.bell._ring", lambda *told: heard.append(told))
    return heard


def test_two_who_open_a_debtor_ask_once(agency, bells):
    for number in range(1, RACES + 1):
        debtor = factories.make_debtor(agency)

        contest(agency, *[lambda debtor=debtor: request_sync(debtor=debtor, now=NOW)] * 2)

        assert len(bells) == number


def test_two_workers_take_a_reading_once(agency, bells):
    for _ in range(RACES):
        debtor = factories.make_debtor(agency)
        with scope(agency=agency):
            request_sync(debtor=debtor, now=NOW)

        taken = contest(agency, *[lambda debtor=debtor: take_sync(debtor.pk, now=NOW)] * 2)

        assert sum(row is not None for row in taken) == 1


def test_without_the_lock_both_would_take_it(agency, bells):
    debtor = factories.make_debtor(agency)
    with scope(agency=agency):
        request_sync(debtor=debtor, now=NOW)
    looked = Barrier(2)

    def careless() -> DebtorSync | None:
        row = DebtorSync.objects.get(debtor=debtor)
        looked.wait(timeout=10)
        if row.status != SyncStatus.QUEUED:
            return None
        row.status = SyncStatus.RUNNING
        row.save(update_fields=["status"])
        return row

    taken = contest(agency, careless, careless)

    assert sum(row is not None for row in taken) == 2
