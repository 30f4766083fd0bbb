"""Agreements and the ERP, in the background: sent again, undone there, followed from there."""

from collections.abc import Callable, Iterable

import structlog
from celery import shared_task
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.agreements import selectors, services
from cobranca.agreements.services.undoing import UNDO
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.outbox.registry import Delivery, handles
from cobranca.scheduling.registry import system_task

# Published by the mirror, with the contracts in whose agreements something may have moved.
CHANGED = "contract.erp_changed"
EVERY_MINUTES = 2
logger = structlog.get_logger(__name__)


@shared_task(name="agreements.send_waiting")
def send_waiting() -> int:
    """Send the agreements again whose writing into the ERP broke off; returns how many ended.

    One that somebody is sending right now is left to them, by the lock of its write; one that
    failed rests a while, longer each time.
    """
    return sum(_send_waiting_of(agency) for agency in Agency.objects.all())


def _send_waiting_of(agency: Agency) -> int:
    with scope(agency=agency):
        waiting = [each for each in selectors.left_waiting() if not services.is_resting(each)]
        return sum(_send(agreement.pk) for agreement in waiting)


def _send(agreement_id: int) -> bool:
    try:
        sent = services.send_to_erp(agreement_id=agreement_id, actor=None, on=clock.today())
    except DomainError as error:
        # Refused: it was called off, and its timeline says why.
        logger.info("agreement.not_integrated", agreement=agreement_id, reason=error.message)
        return True
    except Exception:  # of one alone: the others are sent all the same
        logger.exception("agreement.not_sent", agreement=agreement_id)
        return False
    return not services.is_sent(sent)


@handles(UNDO)
def undo(delivery: Delivery) -> None:
    """Take out of the ERP an agreement that was called off while the ERP was being asked."""
    services.undo_in_erp(delivery.payload["agreement"])


@handles(CHANGED)
def follow(delivery: Delivery) -> None:
    """Draw the conclusions of what the mirror changed; one that refuses stops no other."""
    on = clock.today()
    _each(
        selectors.followed(delivery.payload["contracts"]),
        lambda agreement_id: services.follow_erp(agreement_id=agreement_id, on=on),
    )


def _each(ids: Iterable[int], act: Callable[[int], object]) -> None:
    refused: list[str] = []
    for agreement_id in ids:
        try:
            act(agreement_id)
        except DomainError as error:
            refused.append(f"Acordo {agreement_id}: {error.message}")
    if refused:
        raise DomainError(" ".join(refused)[:300])


def install() -> None:
    """Have what waits for the ERP looked after."""
    system_task("agreements.send_waiting", every_minutes=EVERY_MINUTES)
