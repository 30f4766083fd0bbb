"""Reading a debtor's timeline: newest first, by kind, by words, page by page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Func, Q, QuerySet
from django.db.models.functions import Concat, Lower

from cobranca.common.prepared import Prepared
from cobranca.common.text import ACCENTED, PLAIN, plain
from cobranca.contracts.models import Event, EventKind

PAGE_SIZE = 20
# The chips above the timeline: what a collector tells apart. Every kind is in exactly one.
GROUPS: dict[str, tuple[str, tuple[EventKind, ...]]] = {
    "contatos": ("Contatos", (EventKind.NOTE, EventKind.CONTACT, EventKind.NOTICE)),
    "pagamentos": ("Pagamentos", (EventKind.PAYMENT, EventKind.DIRECT_PAYMENT)),
    "acordos": ("Acordos", (EventKind.AGREEMENT, EventKind.BREACH, EventKind.BUREAU)),
    "devolucoes": (
        "Devoluções",
        (EventKind.RECALL, EventKind.REOPEN, EventKind.TRANSFER, EventKind.TERMINATION),
    ),
    "cargas": ("Cargas", (EventKind.IMPORT, EventKind.SYNC)),
    "cadastro": ("Cadastro", (EventKind.CONTACT_DATA,)),
}


@dataclass(frozen=True)
class TimelinePage:
    """Events and where the next page begins ("" at the end)."""

    events: list[Event]
    after: str


@dataclass(frozen=True)
class TimelineFilter:
    """What of a timeline is asked for; groups nobody knows ask for nothing special."""

    group: str = ""
    text: str = ""
    contract_id: int | None = None
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.group in GROUPS or self.text.strip() or self.contract_id)


def timeline_of(debtor_id: int, wanted: TimelineFilter) -> TimelinePage:
    """Return one page of a debtor's timeline."""
    if wanted == TimelineFilter():
        rows = _newest(debtor=debtor_id)
    else:
        rows = list(_narrowed(debtor_id, wanted))
    shown = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    return TimelinePage(
        shown, f"{shown[-1].happened_at.isoformat()}_{shown[-1].pk}" if more else ""
    )


def _narrowed(debtor_id: int, wanted: TimelineFilter) -> QuerySet[Event]:
    events: QuerySet[Event] = Event.objects.filter(debtor=debtor_id)
    if wanted.group in GROUPS:
        events = events.filter(kind__in=GROUPS[wanted.group][1])
    if wanted.contract_id is not None:
        events = events.filter(contract=wanted.contract_id)
    return _page(_beyond(_matching(events, wanted.text), wanted.after))


def _page(events: QuerySet[Event]) -> QuerySet[Event]:
    events = events.select_related("actor", "contract")
    return events.order_by("-happened_at", "-id")[: PAGE_SIZE + 1]


def _newest_query(debtor: int) -> QuerySet[Event]:
    return _page(Event.objects.filter(debtor=debtor))


_newest = Prepared(_newest_query, debtor=int)


def _matching(events: QuerySet[Event], text: str) -> QuerySet[Event]:
    """Narrow to events that hold every word of `text`, accents and case ignored."""
    words = plain(text.replace("\0", " ")).split()
    if not words:
        return events
    told = Concat(F("title"), F("text"), output_field=CharField())
    events = events.alias(told=_Plain(Lower(told)))
    for word in words:
        events = events.filter(told__contains=word)
    return events


class _Plain(Func):
    """Text without accents, by the table that Python and the other SQL use."""

    function = "translate"
    template = f"%(function)s(%(expressions)s, '{ACCENTED}', '{PLAIN}')"
    output_field = CharField()


def _beyond(events: QuerySet[Event], after: str) -> QuerySet[Event]:
    at, _, pk = after.rpartition("_")
    try:
        moment, number = datetime.fromisoformat(at), int(pk)
    except ValueError:
        return events
    return events.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, id__lt=number))
