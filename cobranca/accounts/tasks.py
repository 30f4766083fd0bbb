"""Housekeeping of accounts."""

from celery import shared_task

from cobranca.accounts import idempotency
from cobranca.common import clock


@shared_task(name="accounts.forget_answers")
def forget_answers() -> int:
    """Delete kept answers of the API that no repetition may ask for any more."""
    return idempotency.forget_expired(now=clock.now())
