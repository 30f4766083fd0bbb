"""Writes that nobody wants any more are taken out of the ERP (SIE-21)."""

import structlog
from celery import shared_task
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.common.errors import DomainError
from cobranca.scheduling.registry import system_task
from integrations.core.models import ErpOperation
from integrations.core.operations import unwanted
from integrations.core.operations.reading import unended
from integrations.core.operations.steps import is_resting

logger = structlog.get_logger(__name__)


@shared_task
def undo_unwanted() -> int:
    """Undo what was left in the ERP for agreements that were called off; returns how many.

    A write that somebody is at is left to them, by its lock; one that failed rests for a while.
    """
    return sum(_undo_unwanted_of(agency) for agency in Agency.objects.all())


def _undo_unwanted_of(agency: Agency) -> int:
    with scope(agency=agency):
        # Each is looked at right before: undoing the one before it may have taken minutes.
        return sum(
            _undo(each)
            for each in list(unended())
            if not is_resting(each) and not unwanted.is_wanted(each)
        )


def _undo(operation: ErpOperation) -> bool:
    try:
        unwanted.undo(operation)
    except DomainError as error:
        logger.info("operation.not_undone", operation=operation.pk, reason=error.message)
        return False
    except Exception:  # of one alone: the others are undone all the same
        logger.exception("operation.not_undone", operation=operation.pk)
        return False
    return True


system_task("integrations.core.tasks_operations.undo_unwanted", every_minutes=2)
