"""Doorbells of scheduled tasks, the sweeper for those that nobody heard, and housekeeping."""

from celery import shared_task

from cobranca.common import clock
from cobranca.scheduling import broker, execution


@shared_task(name="scheduling.ring")
def ring(task_id: int) -> None:
    """Queue the run that a scheduled task owes now."""
    execution.ring(task_id, clock=clock.now)


@shared_task(name="scheduling.execute", acks_late=True)
def execute(run_id: int) -> bool:
    """Execute one run."""
    return execution.execute(run_id, clock=clock.now)


@shared_task(name="scheduling.sweep")
def sweep() -> int:
    """Find what was due or abandoned; beat rings this every minute."""
    return execution.sweep(clock=clock.now)


@shared_task(name="scheduling.forget_delivered")
def forget_delivered() -> int:
    """Delete delivered messages that the broker keeps in our database, if it does."""
    return broker.forget_delivered()
