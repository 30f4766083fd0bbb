"""Looking at the queue without taking anybody: why, how many, who would come, who holds whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from cobranca.accounts.models import Team, User
from cobranca.common import clock
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.telecobranca.models import QueueEntry, QueueState, WorkQueue
from cobranca.telecobranca.queue_candidates import CANDIDATES, values_for
from cobranca.telecobranca.queue_filters import Met, filters_met
from cobranca.telecobranca.queue_places import places_at
from cobranca.telecobranca.queue_reading import specs_of
from cobranca.telecobranca.queue_rules import WHOLE, Facts, Part, parts_of, points_of, rules_of
from cobranca.telecobranca.queue_sql import PARKED, Spec, Text, contract_fits, ranking

# Counting further tells nobody anything; the count stays quick whatever the queue holds.
MOST_COUNTED = 1000
PREVIEWED = 10
LAST = 2**62
NARROWED = (
    ("creditors", "credores"),
    ("branches", "filiais"),
    ("campaigns", "campanhas"),
    ("teams", "equipes"),
)


@dataclass(frozen=True)
class Why:
    """Why a debtor comes where they come; `entry` is None for one who is not in the queue.

    `team` or `owner`: whose they are; `ahead`: how many come before them, up to MOST_COUNTED.
    """

    debtor_id: int
    facts: Facts
    entry: QueueEntry | None = None
    filters: Sequence[Met] = ()
    parts: Sequence[Part] = ()
    ahead: int = 0
    team: Team | None = None
    owner: User | None = None
    why_out: str = ""

    @property
    def points(self) -> Decimal:
        return sum((part.shown for part in self.parts), Decimal(0))

    @property
    def is_parked(self) -> bool:
        return self.entry is not None and self.entry.pool == PARKED


def facts_of(summary: DebtorSummary, on: date) -> Facts:
    """Return what the ranking looks at of a debtor."""
    due, contact = summary.oldest_due_date, summary.last_contact_at
    return Facts(
        days_late=(on - due).days if due else 0,
        total=summary.open_total,
        quiet_days=(on - clock.office_date(contact)).days if contact else None,
        promise_on=summary.next_promise_on,
        score=score_of(summary.debtor.details),
    )


def score_of(details: Any) -> int | None:
    """Return the score among a debtor's details: 0 to 9999 in digits, else none."""
    told = details.get("score") if isinstance(details, dict) else None
    text = str(told) if told is not None and not isinstance(told, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("9999") else None


def why_next(debtor_id: int, *, on: date) -> Why | None:
    """Tell why a debtor comes when they come; None for one the agency in scope does not have."""
    found = DebtorSummary.objects.select_related("debtor").filter(pk=debtor_id)
    summary = found.first()
    if summary is None:
        return None
    entry = hold_of(debtor_id)
    facts = facts_of(summary, on)
    if entry is None:
        return Why(debtor_id, facts, why_out=_why_out(summary))
    specs = {one.queue.pk: one for one in specs_of(summary.agency_id)}
    return Why(
        debtor_id,
        facts,
        entry=entry,
        filters=filters_met(entry.queue, facts, on)
        + (_contracts_met(specs.get(entry.queue_id), summary, on)),
        parts=parts_of(rules_of(entry.queue.ordering), facts, on),
        ahead=_ahead(entry),
        team=Team.objects.filter(pk=entry.pool).first() if entry.pool > 0 else None,
        owner=User.objects.filter(pk=-entry.pool).first() if PARKED < entry.pool < 0 else None,
    )


def _why_out(summary: DebtorSummary) -> str:
    if summary.is_blocked:
        return "Tem um bloqueio geral de contato."
    if summary.open_total <= 0:
        return "Não deve nada."
    return "Não se encaixa em nenhuma fila ativa, ou a fila não foi ordenada desde então."


def _contracts_met(spec: Spec | None, summary: DebtorSummary, on: date) -> list[Met]:
    """Tell which contracts are those that the queue is for."""
    if spec is None or not spec.asks_contracts:
        return []
    text = Text({"debtor": summary.pk, "agency": summary.agency_id})
    condition = contract_fits(spec, text, on)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.number FROM contracts_contract c WHERE c.debtor_id = %(debtor)s"
            f" AND c.agency_id = %(agency)s AND {condition} ORDER BY c.number LIMIT 3",
            text.values,
        )
        numbers = [number for (number,) in cursor.fetchall()]
    asked = ", ".join(label for name, label in NARROWED if getattr(spec, name))
    return [Met("Contrato", asked, ", ".join(numbers) or "nenhum", bool(numbers))]


def _ahead(entry: QueueEntry) -> int:
    """Count who comes before, up to MOST_COUNTED."""
    before = QueueEntry.objects.filter(
        pool=entry.pool, rank__lt=entry.rank, reserved_for__isnull=True
    )
    return before.values("pk")[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Waiting:
    """How many a collector could draw now; `is_more` when the count stopped at its limit."""

    count: int
    is_more: bool


def queue_size(collector: User, at: datetime) -> Waiting:
    """Count the debtors that could come to a collector at an instant, up to MOST_COUNTED."""
    values = values_for(collector, at, places_at(at)) | {"limit": MOST_COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({CANDIDATES}) w", values)
        count = int(cursor.fetchone()[0])
    return Waiting(min(count, MOST_COUNTED), count >= MOST_COUNTED)


def would_come(collector: User, at: datetime, size: int = 1) -> list[Debtor]:
    """Return who would come to a collector next, taking nobody."""
    values = values_for(collector, at, places_at(at)) | {"limit": size}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT w.debtor_id FROM ({CANDIDATES}) w ORDER BY w.turn, w.rank LIMIT %(limit)s",
            values,
        )
        keys = [key for (key,) in cursor.fetchall()]
    found = Debtor.objects.select_related("summary", "queue_entry__queue").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def held_now(at: datetime) -> QuerySet[QueueEntry]:
    """Return who is held by whom at an instant, the longest held first."""
    held = QueueEntry.objects.filter(held_by__isnull=False, held_until__gt=at)
    return held.select_related("debtor", "queue", "held_by").order_by("held_at", "pk")


def held_by(collector: User, at: datetime) -> QueueEntry | None:
    """Return what a collector holds at an instant."""
    return held_now(at).filter(held_by=collector).first()


def hold_of(debtor_id: int) -> QueueEntry | None:
    """Return a debtor's place in the queue with who holds it; None for one who is not in it."""
    entries = QueueEntry.objects.select_related("queue", "held_by", "reserved_for")
    return entries.filter(pk=debtor_id).first()


def queue_lines(at: datetime) -> list[Any]:
    """Return the agency's queues in order with how many wait (`waiting`) and are held (`held`)."""
    counts = QueueEntry.objects.exclude(pool=PARKED).values("queue_id")
    sums = counts.annotate(
        waiting=Count("pk", filter=Q(available_at__lte=at)),
        held=Count("pk", filter=Q(held_by__isnull=False, held_until__gt=at)),
        total=Count("pk"),
    )
    by_queue: dict[int, Any] = {row["queue_id"]: row for row in sums}
    queues: list[Any] = list(WorkQueue.objects.order_by("position", "pk"))
    for queue in queues:
        told = by_queue.get(queue.pk, {})
        queue.waiting, queue.held = told.get("waiting", 0), told.get("held", 0)
        queue.total = told.get("total", 0)
    return queues


def queue_state(agency_id: int) -> QueueState | None:
    """Return when an agency's queue was ranked last."""
    return QueueState.objects.filter(agency=agency_id).first()


@dataclass(frozen=True)
class Preview:
    """Who would be in a queue as it is typed: how many, and the first of them."""

    count: int
    rows: list[Any]


def preview(spec: Spec, *, agency_id: int, on: date) -> Preview:
    """Rank as if a queue were saved as it is typed; nothing is changed."""
    specs = _with(specs_of(agency_id), spec)
    found = ranking(agency_id, specs, on=on, has_teams=False)
    values = {**found.values, "wanted": specs.index(spec) + 1, "shown": PREVIEWED}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.debtor_id, count(*) OVER () FROM ({found.sql}) r WHERE r.ord = %(wanted)s"
            " ORDER BY r.rank, r.debtor_id LIMIT %(shown)s",
            values,
        )
        rows = cursor.fetchall()
    debtors = Debtor.objects.select_related("summary").in_bulk([key for key, _ in rows])
    shown: list[Any] = [debtors[key] for key, _ in rows]
    for debtor in shown:
        facts = facts_of(debtor.summary, on)
        debtor.days_late = facts.days_late
        debtor.points = Decimal(points_of(spec.rules, facts, on)) / WHOLE
    return Preview(rows[0][1] if rows else 0, shown)


def _with(specs: list[Spec], spec: Spec) -> list[Spec]:
    """Return the active queues with `spec` in its place, whether it is active or not."""
    others = [one for one in specs if one.queue.pk != spec.queue.pk]
    key = (spec.queue.position, spec.queue.pk or LAST)
    before = [one for one in others if (one.queue.position, one.queue.pk or 0) < key]
    return [*before, spec, *others[len(before) :]]
