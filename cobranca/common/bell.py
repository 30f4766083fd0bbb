"""The doorbell: a message that says "look at this row", sent once the row is there to be seen."""

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)


def ring_on_commit(task_name: str, *args: int) -> None:
    """Send the task `task_name` with row ids when the transaction commits.

    Services ring by name because tasks stand above them. A broker that is down must not undo
    the caller's work: the sweeper finds within a minute what nobody was told of.
    """
    transaction.on_commit(partial(_ring, task_name, *args))


def _ring(task_name: str, *args: int) -> None:
    try:
        current_app.send_task(task_name, args=args, retry=False)
    except OperationalError:
        logger.warning("bell.unheard", task=task_name, args=args)
