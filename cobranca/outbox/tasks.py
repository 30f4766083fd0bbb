"""The doorbell of the outbox and its sweeper."""

from celery import shared_task

from cobranca.common import clock
from cobranca.outbox import delivery


@shared_task(name="outbox.deliver", acks_late=True)
def deliver(event_id: int) -> bool:
    """Deliver one event."""
    return delivery.deliver(event_id, clock=clock.now)


@shared_task(name="outbox.sweep")
def sweep() -> int:
    """Deliver what is due and was not rung for, or failed and waits for its next attempt."""
    return delivery.deliver_due(clock=clock.now)
