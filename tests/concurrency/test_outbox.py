"""Two workers and one delivery: it is handed over once."""

from datetime import UTC, datetime

import pytest
from django_scopes import scope

from cobranca.outbox import services
from cobranca.outbox.models import OutboxEvent
from tests.concurrency.test_task_runs import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
LATER = datetime(2099, 1, 5, 12, tzinfo=UTC)


def test_one_of_two_workers_takes_a_delivery(agency):
    for number in range(12):
        services.publish("test.topic", agency=agency, payload={}, key=str(number))
        event = OutboxEvent._base_manager.get(idempotency_key=str(number))

        def take(event_id: int = event.pk) -> object:
            with scope(agency=agency):
                return services.take(event_id, now=LATER)

        won = race(take, take)

        assert sum(each is not None for each in won) == 1


def test_two_publishers_of_one_fact_write_it_once(agency):
    def publish() -> object:
        return services.publish("test.topic", agency=agency, payload={}, key="same")

    race(publish, publish)

    assert OutboxEvent._base_manager.filter(idempotency_key="same").count() == 1
