"""May this debtor be contacted: what the law needs to know, read in as many queries each time."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django_scopes import get_scope

from cobranca.calc import contact_law as law_of
from cobranca.calc.contact_law import Asked, Decision, Law, Verdict
from cobranca.calc.contact_places import AREA_CODE_STATE
from cobranca.common.errors import DomainError
from cobranca.common.places import STATES
from cobranca.debtors.models import Debtor, EmailAddress, Phone
from cobranca.dunning.facts import blocks_of, earlier_contacts, main_phone, residence_of
from cobranca.dunning.lawbook import read_law
from cobranca.dunning.states import Channel

__all__ = ["AREA_CODE_STATE", "Decision", "may_contact", "open_places"]

# Minutes kept in memory; a change of the law is seen within one.
REMEMBERED = 64
_places: OrderedDict[tuple[int, datetime], list[str]] = OrderedDict()


@dataclass(frozen=True)
class Read:
    """A contact in question with the law it is judged by; `phone` is the one it would use."""

    law: Law
    asked: Asked
    phone: Phone | None


def may_contact(
    debtor: Debtor,
    channel: str,
    at: datetime,
    *,
    phone: Phone | None = None,
    email: EmailAddress | None = None,
) -> Decision:
    """Tell whether a debtor may be contacted at `at`; nothing is kept.

    Without a phone, the main active one is meant. Raises DomainError for an unknown channel.
    """
    return decide_asked(read_asked(debtor, channel, at, phone=phone, email=email), at)


def read_asked(
    debtor: Debtor,
    channel: str,
    at: datetime,
    *,
    phone: Phone | None = None,
    email: EmailAddress | None = None,
) -> Read:
    """Read what the decision depends on: one query for each table, whatever they hold."""
    if channel not in Channel.values:
        raise DomainError("Canal desconhecido.", "channel")
    law = read_law(debtor.agency_id, at)
    if phone is None and channel in law_of.BY_NUMBER:
        phone = main_phone(debtor.pk)
    state, city = residence_of(debtor.pk)
    used = phone if phone is not None else email
    asked = Asked(
        channel=channel,
        state=state,
        city=city,
        number=phone.number if phone is not None and channel in law_of.BY_NUMBER else "",
        is_number_active=used is None or used.is_active,
        blocks=blocks_of(debtor, at),
        earlier=earlier_contacts(debtor.pk, at),
    )
    return Read(law, asked, phone if channel in law_of.BY_NUMBER else None)


def decide_asked(read: Read, at: datetime) -> Decision:
    """Return the decision along with the facts it rests on."""
    decision = law_of.decide(read.law, read.asked, at)
    return replace(decision, facts=_facts(read, decision, at))


def verdicts_of(read: Read, at: datetime) -> list[Verdict]:
    """Return what each limit says, for people."""
    return law_of.verdicts(read.law, read.asked, at)


def _facts(read: Read, decision: Decision, at: datetime) -> dict[str, Any]:
    asked, spots = read.asked, law_of.spots_of(read.asked)
    found = law_of.verdicts(read.law, asked, at)
    return {
        "residence": asked.state,
        "city": asked.city,
        "dialled": asked.dialled,
        "local": {spot.zone.key: f"{at.astimezone(spot.zone):%Y-%m-%dT%H:%M}" for spot in spots},
        "contacts": [f"{when.astimezone(UTC):%Y-%m-%dT%H:%MZ} {by}" for when, by in asked.earlier],
        "checks": [[each.code, each.holds, each.text] for each in found],
        "next_at": decision.next_at and decision.next_at.isoformat(),
        "until": decision.until and decision.until.isoformat(),
    }


def open_places(at: datetime) -> list[str]:
    """Return the pairs "UF-UF" (residence, area code) that may be called at `at`.

    By rules, holidays and the office's hours. "" stands for what is not known: "-SP", "SP-", "-".
    Remembered for the minute within one agency's scope.
    """
    agency = get_scope().get("agency")
    if agency is None:
        raise DomainError("Informe a assessoria.")
    minute = at.astimezone(UTC).replace(second=0, microsecond=0)
    key = (agency.pk, minute)
    if key not in _places:
        _places[key] = _open_now(read_law(agency.pk, at), at)
        while len(_places) > REMEMBERED:
            _places.popitem(last=False)
    return _places[key]


def forget_places() -> None:
    """Forget what was open: the law was changed by this very process."""
    _places.clear()


def _open_now(law: Law, at: datetime) -> list[str]:
    numbers = {"": "", **{uf: f"{ddd}900000000" for ddd, uf in AREA_CODE_STATE.items()}}
    return [
        f"{here}-{there}"
        for here in ("", *STATES)
        for there, number in numbers.items()
        if law_of.is_permitted(law, Asked(Channel.CALL, here, "", number), at)
    ]
