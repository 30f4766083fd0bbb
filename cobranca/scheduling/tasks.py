"""Doorbells of scheduled tasks, and the sweeper for those that nobody heard."""

from celery import shared_task

from cobranca.common import clock
from cobranca.scheduling import execution


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
