from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from cobranca.common.errors import DomainError
from cobranca.outbox import delivery, registry, services
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.registry import GiveUpError, NotYetError, handles
from cobranca.outbox.states import DeliveryStatus

pytestmark = pytest.mark.usefixtures("in_scope")
# Far enough ahead for rows whose due time the database's own clock wrote.
LATER = datetime(2099, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def deliveries(monkeypatch):
    """Collect what the topic "test.topic" delivers; its failures are told in advance."""
    monkeypatch.setattr(registry, "_HANDLERS", {})
    seen, failures = [], []

    @handles("test.topic")
    def collect(given):
        if failures:
            raise failures.pop(0)
        seen.append(given)

    return SimpleNamespace(seen=seen, failures=failures)


def publish(agency, key="1", topic="test.topic"):
    services.publish(topic, agency=agency, payload={"número": 1}, key=key)
    return OutboxEvent.objects.get(topic=topic, idempotency_key=key)


def deliver_at(at):
    return delivery.deliver_due(clock=lambda: at)


def test_what_is_published_arrives_once(agency, deliveries):
    event = publish(agency)

    assert deliver_at(LATER) == 1
    assert deliver_at(LATER) == 0

    event.refresh_from_db()
    assert event.status == DeliveryStatus.DELIVERED
    assert [(each.agency, each.key, each.payload) for each in deliveries.seen] == [
        (agency, "1", {"número": 1})
    ]


def test_what_takes_its_worker_down_every_time_waits_for_a_person(agency, deliveries):
    event = publish(agency)
    taken = [
        services.take(event.pk, now=LATER + number * 2 * services.LEASE)
        for number in range(len(services.PAUSES) + 2)
    ]

    event.refresh_from_db()
    assert all(taken[:-1])
    assert taken[-1] is None
    assert event.status == DeliveryStatus.PARKED
    assert "Interrompida 6 vezes" in event.error


def test_publishing_the_same_fact_again_changes_nothing(agency, deliveries):
    publish(agency)
    publish(agency)

    assert OutboxEvent.objects.count() == 1


def test_a_failure_waits_longer_each_time_and_is_parked_at_the_end(agency, deliveries):
    event = publish(agency)
    deliveries.failures.extend([DomainError("Caixa postal cheia.")] * 6)
    at, pauses = LATER, []

    for _ in range(5):
        deliver_at(at)
        event.refresh_from_db()
        pauses.append(event.due_at - at)
        at = event.due_at
    deliver_at(at)

    event.refresh_from_db()
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert (event.status, event.error) == (DeliveryStatus.PARKED, "Caixa postal cheia.")


def test_one_poisonous_event_does_not_stop_the_others(agency, deliveries):
    first, second = publish(agency, "1"), publish(agency, "2")
    deliveries.failures.append(ValueError("segredo no texto"))

    assert deliver_at(LATER) == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status == DeliveryStatus.PENDING
    assert first.error == "Falha na entrega (ValueError)."
    assert second.status == DeliveryStatus.DELIVERED


def test_a_topic_nobody_handles_is_parked(agency, deliveries):
    event = publish(agency, topic="unknown.topic")

    deliver_at(LATER)

    event.refresh_from_db()
    assert event.status == DeliveryStatus.PARKED
    assert "unknown.topic" in event.error


def test_a_delivery_under_way_is_nobody_elses_until_its_lease_is_over(agency, deliveries):
    event = publish(agency)
    services.take(event.pk, now=LATER)

    assert deliver_at(LATER + timedelta(minutes=4)) == 0
    assert deliver_at(LATER + timedelta(minutes=5)) == 1


def test_who_comes_back_late_cannot_write_the_outcome(agency, deliveries):
    late = services.take(publish(agency).pk, now=LATER)
    deliver_at(LATER + services.LEASE)

    assert not services.mark_failed(late, "tarde", now=LATER)
    assert OutboxEvent.objects.get().status == DeliveryStatus.DELIVERED


def test_a_person_tries_a_parked_delivery_again(agency, implementer, deliveries):
    event = publish(agency)
    services.park(services.take(event.pk, now=LATER), "parada")

    services.retry(event_id=event.pk, actor=implementer, now=LATER)

    assert deliver_at(LATER) == 1


def test_a_person_gives_a_delivery_up(agency, implementer, deliveries):
    event = publish(agency)

    services.discard(event_id=event.pk, actor=implementer)

    assert deliver_at(LATER) == 0
    with pytest.raises(DomainError, match="descartada"):
        services.retry(event_id=event.pk, actor=implementer, now=LATER)


def test_an_import_that_needs_attention_is_told_to_the_implementers(agency, implementer, collector):
    implementer.email, collector.email = "ines@exemplo.com.br", "caio@exemplo.com.br"
    implementer.save()
    collector.save()
    payload = {"run": 7, "creditor": "Incorporadora", "status": "Falhou", "message": "Sem rede."}
    services.publish("import.needs_attention", agency=agency, payload=payload, key="run-7")

    deliver_at(LATER)

    assert [message.to for message in mail.outbox] == [["ines@exemplo.com.br"]]
    assert "Incorporadora" in mail.outbox[0].subject
    assert "Sem rede." in mail.outbox[0].body


def test_a_warning_that_would_reach_nobody_is_not_taken_for_delivered(agency, implementer):
    payload = {"run": 7, "creditor": "Incorporadora", "status": "Falhou", "message": "Sem rede."}
    services.publish("import.needs_attention", agency=agency, payload=payload, key="run-7")

    deliver_at(LATER)

    assert "e-mail cadastrado" in OutboxEvent.objects.get().error


def test_the_screen_retries_and_discards(agency, implementer, client_for, deliveries):
    event = publish(agency)
    services.park(services.take(event.pk, now=LATER), "parada")
    client = client_for(implementer)
    page = "/admin/outbox/outboxevent/"

    client.post(page, {"action": "retry_selected", "_selected_action": [event.pk]})
    event.refresh_from_db()
    assert event.status == DeliveryStatus.PENDING

    client.post(page, {"action": "discard_selected", "_selected_action": [event.pk]})
    event.refresh_from_db()
    assert event.status == DeliveryStatus.DISCARDED


def test_what_would_fail_again_waits_for_a_person_at_once(agency, deliveries):
    event = publish(agency)
    deliveries.failures.append(GiveUpError("O ERP recusou."))

    assert deliver_at(LATER) == 0

    event.refresh_from_db()
    assert (event.status, event.error) == (DeliveryStatus.PARKED, "O ERP recusou.")


@pytest.mark.parametrize(("asked", "pause"), [(36_000, 36_000), (1, 30)])
def test_what_cannot_be_delivered_yet_is_not_tried_before(agency, deliveries, asked, pause):
    event = publish(agency)
    deliveries.failures.append(NotYetError("Sem cota.", asked))

    deliver_at(LATER)

    event.refresh_from_db()
    assert (event.status, event.due_at) == (
        DeliveryStatus.PENDING,
        LATER + timedelta(seconds=pause),
    )


def test_a_handler_is_told_which_attempt_it_is(agency, deliveries):
    publish(agency)
    deliveries.failures.append(DomainError("x"))

    deliver_at(LATER)
    deliver_at(LATER + timedelta(hours=1))

    assert [given.attempt for given in deliveries.seen] == [2]


def publish_later(agency, subject="devedor-1"):
    services.publish_later(
        "test.topic", agency=agency, payload={}, subject=subject, after=timedelta(minutes=30)
    )


def test_what_is_for_later_joins_what_waits_and_nothing_else(agency, deliveries):
    publish_later(agency)
    publish_later(agency)
    publish_later(agency, "devedor-11")
    assert OutboxEvent.objects.count() == 2
    assert deliver_at(timezone.now() + timedelta(minutes=29)) == 0

    assert deliver_at(timezone.now() + timedelta(minutes=31)) == 2

    publish_later(agency)
    assert OutboxEvent.objects.count() == 3


def test_what_was_taken_is_not_joined(agency, deliveries):
    publish_later(agency)
    deliveries.failures.append(DomainError("x"))
    deliver_at(LATER)

    publish_later(agency)

    assert OutboxEvent.objects.count() == 2
