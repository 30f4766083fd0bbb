"""What is to be done and when: callbacks and promises, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.debtors.models import Debtor
from cobranca.debtors.sight import seen
from cobranca.dunning.models import Callback, ContactRecord, Promise
from cobranca.dunning.states import CallbackStatus, PromiseStatus

PAGE_SIZE = 50
# How far ahead an agenda looks.
AHEAD = timedelta(days=7)
LATE, TODAY, LATER = "Atrasados", "Hoje", "Próximos dias"
SHOWN = 20


@dataclass(frozen=True)
class Page:
    """Rows by when they are due, and where the next page begins ("" at the end)."""

    groups: list[tuple[str, list[Any]]]
    after: str = ""

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.groups)


@dataclass(frozen=True)
class Dealings:
    """What was agreed with one debtor, newest first but for what is still to come."""

    promises: list[Promise] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    records: list[ContactRecord] = field(default_factory=list)


def callbacks_due(of: User | None, at: datetime, after: str = "", free: Q | None = None) -> Page:
    """Return who is to be contacted again in the days to come, by `of` or by anybody.

    `free` says which of those that are nobody's in particular are for `of` as well.
    """
    rows: QuerySet[Callback] = Callback.objects.filter(
        status=CallbackStatus.WAITING, at__lt=at + AHEAD
    )
    if of is not None:
        own = Q(assigned_to=of)
        rows = rows.filter(own if free is None else own | Q(assigned_to=None) & free)
    place = _place(after)
    if place is not None and (moment := _instant(place[0])) is not None:
        rows = rows.filter(Q(at__gt=moment) | Q(at=moment, pk__gt=place[1]))
    rows = seen(rows, "debtor").select_related("debtor__summary", "assigned_to", "record__phone")
    found = list(rows.order_by("at", "pk")[: PAGE_SIZE + 1])
    return _page(found, clock.office_date(at), lambda row: _when(row, at), lambda row: row.at)


def promises_due(of: User | None, on: date, after: str = "") -> Page:
    """Return the open promises that fall due in the days to come, taken by `of` or by anybody."""
    rows: QuerySet[Promise] = Promise.objects.filter(
        status=PromiseStatus.OPEN, promised_on__lt=on + AHEAD
    )
    if of is not None:
        rows = rows.filter(actor=of)
    place = _place(after)
    if place is not None and (day := _day(place[0])) is not None:
        rows = rows.filter(Q(promised_on__gt=day) | Q(promised_on=day, pk__gt=place[1]))
    rows = seen(rows, "debtor").select_related("debtor__summary", "actor", "contract")
    found = list(rows.order_by("promised_on", "pk")[: PAGE_SIZE + 1])
    return _page(found, on, lambda row: row.promised_on, lambda row: row.promised_on)


def dealings_of(debtor: Debtor) -> Dealings:
    """Return a debtor's promises, callbacks and latest contacts, a query each."""
    promises = Promise.objects.filter(debtor=debtor).select_related("actor", "contract")
    callbacks = Callback.objects.filter(debtor=debtor).select_related("assigned_to")
    records = ContactRecord.objects.filter(debtor=debtor)
    records = records.select_related("result", "actor", "phone", "email")
    return Dealings(
        list(promises.order_by("-promised_on", "-pk")[:SHOWN]),
        list(callbacks.order_by("-at", "-pk")[:SHOWN]),
        list(records[:SHOWN]),
    )


def _when(row: Callback, at: datetime) -> date:
    """Return the day of a callback; one of today whose hour has passed is late."""
    day = clock.office_date(row.at)
    is_past = row.at < at
    return day - timedelta(days=1) if is_past and day == clock.office_date(at) else day


def _page(rows: Sequence[Any], on: date, day: Any, place: Any) -> Page:
    shown = rows[:PAGE_SIZE]
    groups: dict[str, list[Any]] = {LATE: [], TODAY: [], LATER: []}
    for row in shown:
        due = day(row)
        groups[LATE if due < on else TODAY if due == on else LATER].append(row)
    more = len(rows) > PAGE_SIZE
    after = f"{place(shown[-1]).isoformat()}_{shown[-1].pk}" if more else ""
    return Page([(title, found) for title, found in groups.items() if found], after)


def _place(after: str) -> tuple[str, int] | None:
    told, _, pk = after.rpartition("_")
    return (told, int(pk)) if told and pk.isdecimal() and len(pk) <= 18 else None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
