"""The work queue: drawing against one bare UPDATE, ranking against one scan of what is owed."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median, quantiles
from threading import Barrier, Thread
from time import perf_counter
from typing import Any

from django.db import connection
from django_scopes import scope

from cobranca.accounts.models import Team, User
from cobranca.accounts.roles import COLLECTOR
from cobranca.telecobranca.models import WorkQueue
from cobranca.telecobranca.queue_rules import DEFAULT_ORDER, stored
from cobranca.telecobranca.services import queue
from tests import factories
from tests.bench.office import AT, ON, Office, shared_office
from tests.bench.timing import figure, seconds

SIZE = 1_000_000
COLLECTORS, DRAWS = 20, 60
ROUNDS = 5


def measure(size: int, rounds: int) -> dict[str, Any]:
    """Measure queue.refresh and queue.next_vs_lock on one office of `size` installments."""
    office = shared_office(size)
    with scope(agency=office.agency):
        _configure(office)
        first = seconds(lambda: queue.refresh_queue(office.agency.pk, ON, AT))
        _settle()
        return _refresh(office, max(rounds, ROUNDS), first) | _next(office, max(rounds, ROUNDS))


def _configure(office: Office) -> None:
    """Three queues, as an office has them: promises first, the best creditor, all the others."""
    WorkQueue.objects.all().delete()
    for position, name, fields in (
        (10, "Promessas", {"promise": "due"}),
        (20, "Primeiro credor", {"min_days_late": 30}),
        (30, "Demais", {}),
    ):
        made = WorkQueue(
            agency=office.agency, name=name, position=position, ordering=stored(DEFAULT_ORDER),
            **fields,
        )  # fmt: skip
        made.save()
        if position == 20:
            made.creditors.set(office.creditors[:1])


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE telecobranca_queueentry")
        cursor.execute("VACUUM debtors_debtorsummary")
        cursor.execute("CHECKPOINT")


# --- ranking --------------------------------------------------------------------------------------

SCAN = "SELECT count(*), sum(balance) FROM contracts_installment WHERE agency_id = %s"
# One debtor in a hundred owes something else.
CHANGE = """
UPDATE debtors_debtorsummary SET open_total = open_total + 777
WHERE agency_id = %s AND debtor_id %% 100 = %s
"""


def _refresh(office: Office, rounds: int, first: float) -> dict[str, Any]:
    ours: list[float] = []
    scans: list[float] = []
    changed = 0
    for turn in range(rounds + 1):
        _run(CHANGE, office.agency.pk, turn)
        _settle()
        scans.append(seconds(lambda: _run(SCAN, office.agency.pk)))
        start = perf_counter()
        changed = queue.refresh_queue(office.agency.pk, ON, AT).changed
        ours.append(perf_counter() - start)
    idle = median(
        seconds(lambda: queue.refresh_queue(office.agency.pk, ON, AT)) for _ in range(rounds)
    )
    pairs = [mine / scan for mine, scan in zip(ours[1:], scans[1:], strict=True)]
    detail = (
        f"{office.installments} installments, {office.debtors} debtors, 1 % changed "
        f"({changed} places moved): {median(ours[1:]):.2f} s, scan {median(scans[1:]):.2f} s; "
        f"nothing changed {idle:.2f} s; the first time {first:.1f} s"
    )
    return {"queue.refresh": figure(median(pairs), "<= 3", "x", detail)}


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.description:
            cursor.fetchall()


# --- drawing --------------------------------------------------------------------------------------

# The least that gives each a row of their own: no team, no law, no debt, nobody's turn.
BARE = """
UPDATE telecobranca_queueentry SET held_by_id = %(me)s, held_at = %(at)s,
       held_until = %(until)s, available_at = %(until)s
WHERE debtor_id = (
    SELECT debtor_id FROM telecobranca_queueentry
    WHERE agency_id = %(agency)s AND pool = 0 AND reserved_for_id IS NULL
      AND available_at <= %(at)s
    ORDER BY rank LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING debtor_id
"""
# What a collector's work on a debtor ends with, alike for both and not measured.
WORKED = """
UPDATE telecobranca_queueentry SET held_by_id = NULL, held_until = NULL, available_at = %s
WHERE debtor_id = %s
"""


def _next(office: Office, rounds: int) -> dict[str, Any]:
    team = Team(agency=office.agency, name="Equipe")
    team.save()
    people = [factories.make_user(office.agency, COLLECTOR) for _ in range(COLLECTORS)]
    for person in people:
        person.team = team
        person.save()
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(rounds + 1):
        order = ((ours, _service), (bare, _bare))
        for times, draw in order if turn % 2 else reversed(order):
            _reset(office)
            times.append(_round(office, people, draw))
    pairs = [mine / other for mine, other in zip(ours[1:], bare[1:], strict=True)]
    detail = (
        f"{office.debtors} debtors, {COLLECTORS} collectors drawing {DRAWS} each at once: p95 "
        f"{median(ours[1:]) * 1000:.2f} ms, bare UPDATE {median(bare[1:]) * 1000:.2f} ms"
    )
    return {"queue.next_vs_lock": figure(median(pairs), "<= 1.5", "x", detail)}


def _reset(office: Office) -> None:
    _run(
        "UPDATE telecobranca_queueentry SET held_by_id = NULL, held_until = NULL,"
        " available_at = %s WHERE agency_id = %s AND available_at > %s",
        AT, office.agency.pk, AT,
    )  # fmt: skip
    _run("VACUUM telecobranca_queueentry")


def _service(person: User) -> int | None:
    drawn = queue.next_debtor(person, AT)
    return drawn and drawn.debtor_id


def _bare(person: User) -> int | None:
    until = AT + timedelta(minutes=20)
    values = {"me": person.pk, "agency": person.agency_id, "at": AT, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(BARE, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _round(office: Office, people: list[User], draw: Callable[[User], int | None]) -> float:
    """Let everybody draw at once; return the 95th percentile of a draw in seconds."""
    start, times = Barrier(len(people)), [[0.0]] * len(people)
    got: list[int | None] = []

    def work(number: int) -> None:
        with scope(agency=office.agency):
            connection.ensure_connection()
            start.wait()
            mine, found = _draws(people[number], draw)
            times[number] = mine
            got.extend(found)
        connection.close()

    threads = [Thread(target=work, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if None in got or len(set(got)) != COLLECTORS * DRAWS:
        raise RuntimeError("somebody was given nobody, or the same one as another")
    return quantiles([each for one in times for each in one], n=20)[-1]


def _draws(person: User, draw: Callable[[User], int | None]) -> tuple[list[float], list[Any]]:
    times, got, back = [], [], AT + timedelta(days=1)
    for _ in range(DRAWS):
        begun = perf_counter()
        found = draw(person)
        times.append(perf_counter() - begun)
        got.append(found)
        _run(WORKED, back, found)
    return times, got
