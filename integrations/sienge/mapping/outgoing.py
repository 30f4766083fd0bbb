"""Contact data of the office as Sienge is to have it: merged into what it has (SIE-24).

Pure: what is there and what is here go in, what to send comes out. What the office does not know
of, or did not change, goes back as it came.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cobranca.common.phones import format_phone, normalize_phone
from cobranca.common.text import digits, plain
from cobranca.debtors.contacts import place_fingerprint
from cobranca.debtors.models import AddressKind, PhoneKind
from integrations.core.fields import text
from integrations.sienge.mapping.contacts import (
    address_from,
    is_given_up,
    is_yes,
    number_of,
    phone_kind_of,
)
from integrations.sienge.rows import Address, Phone

_NOTE_LIMIT = 40
_PHONE_CODES = {
    PhoneKind.MOBILE.value: "CE",
    PhoneKind.WORK.value: "CO",
    PhoneKind.HOME.value: "RE",
    PhoneKind.LANDLINE.value: "RE",
}
# Sienge has one address of each kind; what is neither lives with the residential one.
_ADDRESS_CODES = {AddressKind.WORK.value: "C"}


@dataclass(frozen=True)
class OurPhone:
    """A telephone here; `is_news` when Sienge was not told how it stands."""

    number: str
    kind: str
    note: str
    is_active: bool
    is_main: bool
    is_news: bool


@dataclass(frozen=True)
class OurAddress:
    """An address here. `since` is when it came to stand as it does."""

    fingerprint: str
    kind: str
    place: dict[str, str]
    is_active: bool
    is_main: bool
    is_news: bool
    since: datetime

    @property
    def code(self) -> str:
        """Return which of Sienge's two addresses it would be."""
        return _ADDRESS_CODES.get(self.kind, "R")


@dataclass
class PhoneList:
    """The whole list to send, its main number, and what is new in it, in words."""

    lines: list[dict[str, Any]]
    numbers: list[str]
    main: str
    words: list[str] = field(default_factory=list)


def merge_phones(
    theirs: Sequence[Phone], ours: Sequence[OurPhone], inactive_note: str
) -> PhoneList | None:
    """Return the list that has both books' telephones; None when there is nothing to tell.

    One and only one is the main one, and none is ever left out: Sienge erases what is not sent.
    """
    news = {phone.number: phone for phone in ours if phone.is_news}
    numbers = [number_of(phone) for phone in theirs]
    before = [_as_sent(phone, number) for phone, number in zip(theirs, numbers, strict=True)]
    lines = [dict(line) for line in before]
    words: list[str] = []
    for number, line in zip(numbers, lines, strict=True):
        if number in news:
            words += _tell(news[number], line, inactive_note)
    for phone in news.values():
        if phone.is_active and phone.number not in numbers and _can_be_sent(phone.number):
            numbers.append(phone.number)
            lines.append(_new_line(phone, inactive_note))
            words.append(f"{format_phone(phone.number)} incluído")
    if not lines:
        return None
    at = _main_of(numbers, lines, ours, inactive_note)
    if any(phone.is_main for phone in news.values()) and not lines[at]["main"]:
        words.append(f"{format_phone(numbers[at])} principal")
    for place, line in enumerate(lines):
        line["main"] = place == at
    return PhoneList(lines, numbers, numbers[at], list(dict.fromkeys(words))) if words else None


def address_to_send(
    code: str, theirs: Sequence[Address], ours: Sequence[OurAddress], modified: datetime | None
) -> tuple[OurAddress, dict[str, Any]] | None:
    """Return the address of ours that is to be Sienge's `code` (R or C), and how it is told.

    None when it is there, or what is there is newer: known here since later, or not known here
    and the customer was changed there later (`modified`).
    """
    news = [a for a in ours if a.is_news and a.is_active and a.code == code]
    if not news:
        return None
    best = max(news, key=lambda address: address.since)
    current = next((a for a in theirs if code_of(a) == code and text(a.street_name)), None)
    if current is not None:
        place = place_of(current)
        known = next((a for a in ours if a.fingerprint == place_fingerprint(place)), None)
        if _is_same(place, best.place) or _is_newer(known, best, modified):
            return None
    return best, _as_told(best.place, current)


def place_of(address: Address) -> dict[str, str]:
    """Return an address of theirs as ours are kept."""
    record = address_from(address, "")
    names = ("street", "street_number", "complement", "district", "city", "state", "postal_code")
    return {name: getattr(record, name) for name in names}


def _as_sent(phone: Phone, number: str) -> dict[str, Any]:
    """Return a telephone of theirs in the form it is sent, nothing of it changed."""
    country = digits(text(phone.idd))
    is_foreign = bool(country) and country != "55"
    line: dict[str, Any] = {
        "number": f"0{number}" if number and not is_foreign else digits(text(phone.number)),
        "main": is_yes(phone.main),
        "type": _phone_code(phone_kind_of(text(phone.type), number), number),
        "note": text(phone.note, _NOTE_LIMIT),
    }
    if country:
        line["idd"] = country
    if is_foreign and text(phone.ddd):
        line["ddd"] = digits(text(phone.ddd))
    return line


def _tell(phone: OurPhone, line: dict[str, Any], inactive_note: str) -> list[str]:
    """Make a line say how a telephone stands here; returns the words, none if it did already."""
    before = dict(line)
    is_given_up_there = is_given_up(line["note"], inactive_note)
    if not phone.is_active:
        line["note"] = line["note"] if is_given_up_there else inactive_note[:_NOTE_LIMIT]
        word = "inativado"
    else:
        own = _note_of(phone, inactive_note)
        line["note"] = own or ("" if is_given_up_there else line["note"])
        if phone.kind in _PHONE_CODES:
            line["type"] = _PHONE_CODES[phone.kind]
        word = "reativado" if is_given_up_there else "alterado"
    return [f"{format_phone(phone.number)} {word}"] if line != before else []


def _note_of(phone: OurPhone, inactive_note: str) -> str:
    """Return the note of a telephone that serves, which may still say that it does not."""
    return "" if is_given_up(phone.note, inactive_note) else phone.note[:_NOTE_LIMIT]


def _new_line(phone: OurPhone, inactive_note: str) -> dict[str, Any]:
    return {
        "number": f"0{phone.number}",
        "main": False,
        "type": _phone_code(phone.kind, phone.number),
        "note": _note_of(phone, inactive_note),
        "idd": "55",
    }


def _main_of(
    numbers: list[str], lines: list[dict[str, Any]], ours: Sequence[OurPhone], inactive_note: str
) -> int:
    """Return the place of the main one: who was chosen here, else who is it there and serves."""
    chosen = {p.number for p in ours if p.is_active and p.is_main and p.is_news}
    given_up = {p.number for p in ours if not p.is_active and p.is_news}
    main_here = {p.number for p in ours if p.is_active and p.is_main}

    def merit(place: int) -> tuple[bool, ...]:
        number, line = numbers[place], lines[place]
        serves = number not in given_up and not is_given_up(line["note"], inactive_note)
        is_main = line["main"] and number not in given_up
        return number in chosen, is_main, serves and number in main_here, serves, line["main"]

    return max(range(len(lines)), key=merit, default=0)


def _can_be_sent(number: str) -> bool:
    # 0800 and foreign numbers have no DDD of ours.
    return normalize_phone(number) == number


def _phone_code(kind: str, number: str) -> str:
    return _PHONE_CODES.get(kind) or ("CE" if len(number) == 11 else "RE")


def code_of(address: Address) -> str:
    """Return which of the two addresses one of theirs is."""
    return "C" if address_from(address, "").kind == AddressKind.WORK.value else "R"


def _is_same(theirs: dict[str, str], ours: dict[str, str]) -> bool:
    return all(plain(theirs[name]) == plain(ours[name]) for name in theirs)


def _is_newer(known: OurAddress | None, best: OurAddress, modified: datetime | None) -> bool:
    if known is not None:
        return known.is_active and known.since > best.since
    return modified is not None and modified > best.since


def _as_told(place: dict[str, str], current: Address | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "streetName": place["street"],
        "number": place["street_number"],
        "complement": place["complement"],
        "neighborhood": place["district"],
        "city": place["city"],
        "state": place["state"],
        "zipCode": place["postal_code"],
    }
    # Their code of the city wins over its name: it goes along only where the city is the same.
    if (
        current is not None
        and current.city_id
        and plain(text(current.city)) == plain(place["city"])
    ):
        told["cityId"] = current.city_id
    return told
