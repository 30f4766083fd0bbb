"""Keeping and breaking promises by what was received, many debtors at a time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from cobranca.calc.promises import Promised, deadline_of, received_for
from cobranca.calc.words import reais
from cobranca.dunning.models import Promise
from cobranca.dunning.receipts import receipts_of
from cobranca.dunning.services.summary import refresh_next_promises
from cobranca.dunning.states import PromiseStatus, check_promise_move
from cobranca.scheduling.models import Holiday

CHUNK = 1000
# Receipts come late and are taken back: so long after its date a promise is still looked at.
LOOK_BACK = timedelta(days=120)

_WRITE = """
UPDATE dunning_promise p
SET status = t.status, received = t.received, updated_at = now(),
    settled_on = CASE WHEN t.status = p.status THEN p.settled_on
                      WHEN t.status = 'open' THEN NULL ELSE %(on)s::date END
FROM unnest(%(keys)s::bigint[], %(statuses)s::text[], %(amounts)s::numeric[])
     AS t (id, status, received)
WHERE p.id = t.id AND p.agency_id = %(agency)s
"""
_TELL = """
INSERT INTO contracts_event (agency_id, debtor_id, contract_id, kind, title, text)
SELECT p.agency_id, p.debtor_id, p.contract_id, 'contact', t.title, t.text
FROM unnest(%(keys)s::bigint[], %(titles)s::text[], %(texts)s::text[]) AS t (id, title, text)
JOIN dunning_promise p ON p.id = t.id AND p.agency_id = %(agency)s
ORDER BY p.id
"""
_TITLES: Mapping[str, str] = {
    PromiseStatus.KEPT: "Promessa cumprida",
    PromiseStatus.BROKEN: "Promessa quebrada",
    PromiseStatus.OPEN: "Promessa reaberta",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a promise."""

    promise: Promise
    received: Decimal
    moves: tuple[PromiseStatus, ...]

    @property
    def status(self) -> str:
        return self.moves[-1] if self.moves else self.promise.status

    @property
    def is_news(self) -> bool:
        return bool(self.moves) or self.received != self.promise.received


def settle_promises(
    *, agency_id: int, on: date, is_ours: Callable[[], bool] = lambda: True
) -> Counter[str]:
    """Keep, break and reopen the promises of an agency as of a day; return how many of each.

    Doing it twice changes nothing the second time. A transaction per thousand debtors: a run that
    dies is taken up by the next.
    """
    counts: Counter[str] = Counter()
    extra = frozenset(Holiday.objects.filter(agency=agency_id).values_list("day", flat=True))
    last = 0
    while is_ours():
        debtors = _next_debtors(agency_id, on, last)
        if not debtors:
            break
        counts += _settle(agency_id, debtors, on, extra)
        last = debtors[-1]
    return counts


def settle_debtor(*, agency_id: int, debtor_id: int, on: date) -> Counter[str]:
    """The same for one debtor, at once."""
    extra = frozenset(Holiday.objects.filter(agency=agency_id).values_list("day", flat=True))
    return _settle(agency_id, [debtor_id], on, extra)


def _next_debtors(agency_id: int, on: date, after: int) -> list[int]:
    found = Promise.objects.filter(_looked_at(on), agency=agency_id, debtor__gt=after)
    return list(found.order_by("debtor").values_list("debtor", flat=True).distinct()[:CHUNK])


def _looked_at(on: date) -> Q:
    closed = Q(status__in=(PromiseStatus.KEPT, PromiseStatus.BROKEN))
    return Q(status=PromiseStatus.OPEN) | closed & Q(promised_on__gte=on - LOOK_BACK)


@transaction.atomic
def _settle(
    agency_id: int, debtors: Sequence[int], on: date, extra: frozenset[date]
) -> Counter[str]:
    # Every promise of theirs takes its share; only those looked at may move.
    standing = Promise.objects.filter(agency=agency_id, debtor__in=debtors)
    rows = list(
        standing.exclude(status=PromiseStatus.CANCELLED)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if not rows:
        return Counter()
    received = _received(agency_id, rows, extra)
    outcomes = [
        _outcome(row, received[row.pk], on, deadline_of(row.promised_on, extra))
        for row in rows
        if row.status == PromiseStatus.OPEN or row.promised_on >= on - LOOK_BACK
    ]
    changed = [outcome for outcome in outcomes if outcome.is_news]
    _write(agency_id, changed, on)
    moved = [outcome for outcome in changed if outcome.moves]
    _tell(agency_id, moved)
    refresh_next_promises([outcome.promise.debtor_id for outcome in moved])
    return Counter(str(outcome.status) for outcome in moved)


def _received(
    agency_id: int, rows: Iterable[Promise], extra: frozenset[date]
) -> dict[int, Decimal]:
    by_debtor: dict[int, list[Promised]] = defaultdict(list)
    for row in rows:
        deadline = deadline_of(row.promised_on, extra)
        promised = Promised(row.pk, row.contract_id, row.made_on, deadline, row.amount)
        by_debtor[row.debtor_id].append(promised)
    since = min(each.made_on for promises in by_debtor.values() for each in promises)
    receipts = receipts_of(agency_id, list(by_debtor), since)
    found: dict[int, Decimal] = {}
    for debtor, promises in by_debtor.items():
        found |= received_for(promises, receipts.get(debtor, ()))
    return found


def _outcome(row: Promise, received: Decimal, on: date, deadline: date) -> Outcome:
    """Say how a promise moves, one legal move after another."""
    moves: list[PromiseStatus] = []
    status = row.status
    is_reached = received >= row.amount
    if is_reached and status != PromiseStatus.KEPT:
        moves.append(PromiseStatus.KEPT)
    if not is_reached and status == PromiseStatus.KEPT:
        moves.append(PromiseStatus.OPEN)
        status = PromiseStatus.OPEN
    if not is_reached and status == PromiseStatus.OPEN and on > deadline:
        moves.append(PromiseStatus.BROKEN)
    before = row.status
    for move in moves:
        check_promise_move(before, move)
        before = move
    return Outcome(row, received, tuple(moves))


def _write(agency_id: int, changed: Sequence[Outcome], on: date) -> None:
    if not changed:
        return
    told: dict[str, Any] = {
        "keys": [outcome.promise.pk for outcome in changed],
        "statuses": [str(outcome.status) for outcome in changed],
        "amounts": [outcome.received for outcome in changed],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, told | {"on": on, "agency": agency_id})


def _tell(agency_id: int, moved: Sequence[Outcome]) -> None:
    if not moved:
        return
    told: dict[str, Any] = {
        "keys": [outcome.promise.pk for outcome in moved],
        "titles": [_TITLES[outcome.status] for outcome in moved],
        "texts": [_text(outcome) for outcome in moved],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, told | {"agency": agency_id})


def _text(outcome: Outcome) -> str:
    promise = outcome.promise
    lines = [
        f"{reais(promise.amount)} em {promise.promised_on:%d/%m/%Y}",
        f"Recebido: {reais(outcome.received)}",
    ]
    if PromiseStatus.OPEN in outcome.moves:
        lines.append("Um recebimento que a cumpria foi estornado.")
    return "\n".join(lines)
