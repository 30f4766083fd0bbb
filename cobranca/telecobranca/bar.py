"""What the top bar says: how many wait in the queue, and until when people may be called."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from cobranca.calc import contact_law as law_of
from cobranca.calc.contact_law import Asked, Decision
from cobranca.calc.contact_places import AREA_CODE_STATE
from cobranca.common.clock import office_time
from cobranca.common.places import STATES
from cobranca.common.templatetags.br import days_late, document, money, whole
from cobranca.debtors.models import Debtor
from cobranca.dunning.contact_law import may_contact
from cobranca.dunning.lawbook import read_law
from cobranca.dunning.states import Channel

WEEKDAYS = ("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.")


@dataclass(frozen=True)
class Standing:
    """May one call now: said in a few words, with the reason and when that changes."""

    is_allowed: bool
    text: str
    reason: str
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A debtor in the command bar, ready to be shown: made whole while somebody types."""

    key: str
    href: str
    name: str
    total: str
    about: str
    late: str


def lines_of(summaries: Iterable[Any]) -> list[Line]:
    """Return the command bar's lines of debtors found or seen."""
    debtor_page = reverse("telecobranca:debtor", args=[0])
    return [_line(row, debtor_page.replace("/0/", f"/{row.pk}/")) for row in summaries]


def _line(row: Any, href: str) -> Line:
    late, numbers = days_late(row.oldest_due_date), ", ".join(row.contract_numbers)
    told = document(row.debtor.document) or "sem documento"
    return Line(
        key=str(row.pk),
        href=href,
        name=row.debtor.name,
        total=money(row.open_total),
        about=f"{told} · contrato {numbers}" if numbers else told,
        late=f"{whole(int(late))} dias" if late else "",
    )


def standing_of(debtor: Debtor, at: datetime) -> Standing:
    """Tell until when, or from when, this debtor may be called."""
    decision = may_contact(debtor, Channel.CALL, at)
    state = str(decision.facts.get("residence") or "")
    place = f" ({state})" if state in STATES else ""
    return _told(decision.is_allowed, decision, at, place)


def standing_at_large(agency_id: int, at: datetime) -> Standing:
    """Tell in how many states somebody who lives there may be called, and until when."""
    law = read_law(agency_id, at)
    number = {state: f"{area}900000000" for area, state in AREA_CODE_STATE.items()}
    decisions = [
        law_of.decide(law, Asked(Channel.CALL, state, "", number.get(state, "")), at)
        for state in STATES
    ]
    open_now = [each for each in decisions if each.is_allowed]
    if not open_now:
        first = min(decisions, key=lambda each: (each.next_at is None, each.next_at or at))
        return _told(False, first, at, "")
    # The end that most states share; where it ends earlier, the debtor's own page says so.
    end = Counter(each.until for each in open_now).most_common(1)[0][0]
    last = next(each for each in open_now if each.until == end)
    some = len(open_now) < len(STATES)
    return _told(True, last, at, f" em {len(open_now)} de {len(STATES)} UF" if some else "")


def _told(is_allowed: bool, decision: Decision, at: datetime, place: str) -> Standing:
    when = decision.until if is_allowed else decision.next_at
    if is_allowed:
        text = f"Contato até {_clock(when, at)}{place}" if when else f"Contato permitido{place}"
    else:
        text = f"Contato a partir de {_clock(when, at)}{place}" if when else f"Sem contato{place}"
    return Standing(is_allowed, text, decision.reason, when)


def _clock(when: datetime, at: datetime) -> str:
    """20:00, seg. 08:00, 31/12 08:00: the shortest that cannot be misunderstood."""
    local, today = office_time(when), office_time(at).date()
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M}"
    if days < 7:
        return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"
    return f"{local:%d/%m %H:%M}"
