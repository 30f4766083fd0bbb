"""Executing a run: take it, keep its lease alive while it works, write down what came of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection
from django_scopes import scope

from cobranca.common.bell import ring_on_commit
from cobranca.common.errors import DomainError
from cobranca.scheduling import registry, selectors, services
from cobranca.scheduling.models import TaskRun
from cobranca.scheduling.registry import RunContext
from cobranca.scheduling.states import RunStatus

logger = structlog.get_logger(__name__)
Clock = Callable[[], datetime]
SIGN_OF_LIFE_SECONDS = 10.0
# How long a ring may take to be heard before the sweeper rings again.
GRACE = timedelta(seconds=30)


class Heartbeat:
    """Renews a run's lease from a thread of its own for as long as the work lasts."""

    def __init__(self, run: TaskRun, clock: Clock, every: float = SIGN_OF_LIFE_SECONDS) -> None:
        self._run, self._clock, self._every = run, clock, every
        self._over, self._lost = Event(), Event()
        self._thread = Thread(target=self._beat, name=f"heartbeat-{run.pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def is_ours(self) -> bool:
        """Tell whether, as far as is known, nobody else took the run."""
        return not self._lost.is_set()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._every) and self.is_ours():
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            with scope(agency=self._run.agency):
                if not services.renew(self._run, now=self._clock()):
                    self._lost.set()
        except DatabaseError:
            # The server went away: the next sign of life takes a new connection.
            logger.warning("heartbeat.missed", run=self._run.pk)
            connection.close()


def execute(run_id: int, *, clock: Clock, every: float = SIGN_OF_LIFE_SECONDS) -> bool:
    """Execute one run if nobody is at it; tell whether it was ours to execute."""
    agency = selectors.agency_of_run(run_id)
    if agency is None:
        return False
    with scope(agency=agency):
        run = services.take(run_id, now=clock())
        if run is None:
            return False
        with Heartbeat(run, clock, every) as heartbeat:
            status, message, result = _work(run, heartbeat)
        return services.finish(run, status, message=message, result=result, now=clock())


def _work(run: TaskRun, heartbeat: Heartbeat) -> tuple[RunStatus, str, dict[str, Any]]:
    context = RunContext(
        run_id=run.pk,
        agency=run.agency,
        parameters=run.parameters,
        due_at=run.due_at,
        requested_by=run.requested_by,
        is_ours=heartbeat.is_ours,
    )
    try:
        result = dict(registry.task_type(run.task_type).run(context))
    except DomainError as error:
        return RunStatus.FAILED, error.message, {}
    except OperationalError:
        # The database went away or gave up: the lease runs out and the run is taken up again.
        raise
    except Exception as error:
        logger.exception("task_run.failed", run=run.pk, task_type=run.task_type)
        return RunStatus.FAILED, f"Erro inesperado ({type(error).__name__}).", {}
    return RunStatus.DONE, str(result.pop("message", "")), result


def ring(task_id: int, *, clock: Clock) -> TaskRun | None:
    """Queue what a scheduled task owes now, if anything."""
    agency = selectors.agency_of_task(task_id)
    if agency is None or not agency.is_active:
        return None
    with scope(agency=agency):
        return services.ring(task_id=task_id, now=clock())


def sweep(*, clock: Clock) -> int:
    """Queue what was due and not rung for, and ring for runs that nobody is at.

    One task that cannot be rung does not stop the others. Returns how many runs were rung for.
    """
    for task_id in selectors.active_task_ids():
        try:
            ring(task_id, clock=clock)
        except Exception:
            logger.exception("sweep.failed", task=task_id)
    waiting = selectors.waiting_runs(now=clock(), grace=GRACE)
    for run_id in waiting:
        ring_on_commit(services.EXECUTE, run_id)
    return len(waiting)
