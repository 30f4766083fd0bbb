"""Two workers and one run, two runs and one subject: exactly one wins, every time.

Each race has a negative control, the same race without the protection under test: it is lost now
and then, which shows that the race is a real one.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django_scopes import scope

from cobranca.scheduling import registry, services
from cobranca.scheduling.models import ScheduledTask, TaskRun
from cobranca.scheduling.registry import TaskType, register
from cobranca.scheduling.states import Frequency, RunStatus

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
RACES = 12


def race(*rivals: Callable[[], object]) -> list[object]:
    """Run the rivals at the same moment, each on a connection of its own; return what they got."""
    start, got = Barrier(len(rivals)), [None] * len(rivals)

    def go(number: int, rival: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            got[number] = rival()
        finally:
            connection.close()

    threads = [Thread(target=go, args=each) for each in enumerate(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return got


@pytest.fixture(autouse=True)
def work(monkeypatch):
    monkeypatch.setattr(registry, "_TYPES", {})
    register(TaskType(code="work", label="Trabalho", run=lambda context: {}))


@pytest.fixture
def make_run(agency):
    def make(description: str = "Trabalho", subject: str = "creditor:7") -> TaskRun:
        run = TaskRun(
            agency=agency,
            task_type="work",
            description=description,
            subject=subject,
            parameters={"who": description},
        )
        run.save()
        return run

    return make


def taker(agency, run, take=services.take) -> Callable[[], object]:
    def attempt() -> object:
        with scope(agency=agency):
            return take(run.pk, now=NOW)

    return attempt


def careless_take(looked: Barrier) -> Callable[..., TaskRun | None]:
    """Return a way to take a run that one must not have: look, then write, with no lock."""

    def take(run_id: int, *, now: datetime) -> TaskRun | None:
        run = TaskRun.objects.get(pk=run_id)
        if run.status != RunStatus.QUEUED:
            return None
        looked.wait(timeout=10)
        run.status, run.attempts = RunStatus.RUNNING, run.attempts + 1
        run.save(update_fields=["status", "attempts"])
        return run

    return take


def test_one_of_two_workers_takes_a_run(agency, make_run):
    for _ in range(RACES):
        run = make_run(subject="")

        won = race(taker(agency, run), taker(agency, run))

        assert sum(each is not None for each in won) == 1
        run.refresh_from_db(from_queryset=TaskRun._base_manager.all())
        assert run.attempts == 1


def test_without_the_lock_both_take_it(agency, make_run):
    run = make_run(subject="")

    take = careless_take(looked=Barrier(2))
    won = race(taker(agency, run, take), taker(agency, run, take))

    assert sum(each is not None for each in won) == 2


def test_one_of_two_runs_of_a_subject_starts(agency, make_run):
    for _ in range(RACES):
        first, second = make_run("Carga"), make_run("Pagamentos")

        won = race(taker(agency, first), taker(agency, second))

        assert sum(each is not None for each in won) == 1
        with scope(agency=agency):
            runs = TaskRun.objects.filter(pk__in=[first.pk, second.pk])
            assert sorted(runs.values_list("status", flat=True)) == ["queued", "running"]
            finished = next(each for each in won if each is not None)
            services.finish(finished, RunStatus.DONE, message="", result={}, now=NOW)
            runs.delete()


def test_without_a_subject_both_start(agency, make_run):
    first, second = make_run("Carga", subject=""), make_run("Pagamentos", subject="")

    won = race(taker(agency, first), taker(agency, second))

    assert sum(each is not None for each in won) == 2


def test_beat_and_the_sweeper_queue_a_due_time_once(agency):
    for number in range(RACES):
        with scope(agency=agency):
            task = services.save_task(
                task=ScheduledTask(
                    agency=agency,
                    task_type="work",
                    description=f"T{number}",
                    frequency=Frequency.DAILY,
                    at_time=NOW.time(),
                ),
                parameters={},
                actor=None,
                now=NOW,
            )

        def ring(task_id: int = task.pk) -> object:
            with scope(agency=agency):
                return services.ring(task_id=task_id, now=TOMORROW)

        rung = race(ring, ring)

        assert sum(each is not None for each in rung) == 1
        with scope(agency=agency):
            assert TaskRun.objects.filter(scheduled_task=task).count() == 1
