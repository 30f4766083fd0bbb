"""A queue of kombu's own transport on our database: what was delivered goes, what waits stays."""

import pytest
from django.db import connection
from kombu import Connection
from kombu.transport.sqlalchemy import Channel
from sqlalchemy.orm import close_all_sessions

from cobranca.scheduling import broker, registry
from cobranca.scheduling.tasks import forget_delivered
from settings.base import embedded_broker
from settings.celery_app import app


@pytest.fixture
def queue(transactional_db, settings):
    settings.CELERY_BROKER_URL = embedded_broker(connection.settings_dict)
    with Connection(settings.CELERY_BROKER_URL) as opened:
        queue = opened.SimpleQueue("celery")
        queue.qsize()  # makes the tables
        yield queue
        queue.close()
    close_all_sessions()
    engine, _ = Channel._engines.popitem()[1]
    engine.dispose()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kombu_message, kombu_queue")
        cursor.execute("DROP SEQUENCE message_id_sequence, queue_id_sequence")


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kombu_message")
        return cursor.fetchone()[0]


def put(queue, *numbers):
    for number in numbers:
        queue.put(number)


def take(queue, times=1):
    messages = [queue.get_nowait() for _ in range(times)]
    for message in messages:
        message.ack()
    return [message.payload for message in messages]


def test_what_was_delivered_goes_and_what_waits_stays(queue):
    put(queue, 1, 2, 3)
    take(queue, 2)

    assert forget_delivered() == 2

    assert rows() == 1
    assert take(queue) == [3]


def test_small_sets_add_up(queue, django_assert_num_queries):
    put(queue, *range(5))
    take(queue, 5)

    with django_assert_num_queries(1 + 4):  # is there a table; 2, 2, 1 and none
        deleted = broker.forget_delivered(batch=2)

    assert (deleted, rows()) == (5, 0)


def test_what_a_worker_gives_back_waits_again(queue):
    put(queue, 1)
    message = queue.get_nowait()
    broker.forget_delivered()

    message.requeue()

    assert take(queue) == [1]


def test_a_broker_elsewhere_is_none_of_our_business(queue, settings):
    put(queue, 1)
    take(queue)
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert broker.forget_delivered() == 0
    assert rows() == 1


def test_without_the_table_there_is_nothing_to_delete(db, settings):
    settings.CELERY_BROKER_URL = embedded_broker(connection.settings_dict)

    assert broker.forget_delivered() == 0


def test_tests_ring_in_memory_whatever_the_environment_comes_to_say(monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://fila.example/0")

    with app.producer_or_acquire() as producer:
        assert producer.connection.transport_cls == "memory"


def test_the_product_rings_for_it_by_itself():
    rung = {known.task: known.every_minutes for known in registry.system_tasks()}

    assert rung[forget_delivered.name] == 10
