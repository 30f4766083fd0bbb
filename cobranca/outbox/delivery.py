"""Delivering: take, hand over, write down what came of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django_scopes import scope

from cobranca.common.errors import DomainError
from cobranca.outbox import selectors, services
from cobranca.outbox.models import OutboxEvent
from cobranca.outbox.registry import Delivery, GiveUpError, NotYetError, handler_of

logger = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


def deliver(event_id: int, *, clock: Clock) -> bool:
    """Deliver one event if it is due and nobody else is at it; tell whether it arrived."""
    agency = selectors.agency_of_event(event_id)
    if agency is None:
        return False
    with scope(agency=agency):
        event = services.take(event_id, now=clock())
        return event is not None and _hand_over(event, clock)


def deliver_due(*, clock: Clock) -> int:
    """Deliver everything that is due; one poisonous event does not stop the others."""
    return sum(deliver(event_id, clock=clock) for event_id in selectors.due_events(now=clock()))


def _hand_over(event: OutboxEvent, clock: Clock) -> bool:
    handler = handler_of(event.topic)
    if handler is None:
        services.park(event, f"Ninguém trata o assunto {event.topic}.")
        return False
    try:
        handler(
            Delivery(
                event.topic, event.agency, event.idempotency_key, event.payload, event.attempts
            )
        )
    except GiveUpError as error:
        services.park(event, error.message)
    except NotYetError as error:
        pause = timedelta(seconds=error.seconds)
        services.mark_failed(event, error.message, now=clock(), at_least=pause)
    except DomainError as error:
        services.mark_failed(event, error.message, now=clock())
    except Exception as error:
        logger.exception("outbox.failed", topic=event.topic, delivery=event.pk)
        services.mark_failed(event, f"Falha na entrega ({type(error).__name__}).", now=clock())
    else:
        return services.mark_delivered(event, now=clock())
    return False
