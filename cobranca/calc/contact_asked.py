"""One contact in question: whom, where, by what; what blocks it; what went before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cobranca.calc.contact_places import AREA_CODE_STATE, area_code_of, zones_of
from cobranca.calc.contact_rules import CALL, SMS, WHATSAPP

# Channels that reach for a person at once, by a number.
BY_NUMBER = frozenset({CALL, SMS, WHATSAPP})


@dataclass(frozen=True, slots=True)
class Block:
    """A channel closed from `starts_on` to `ends_on`, both included.

    `number` (digits) narrows it to one number. A do-not-call register closes calls, SMS and
    messages alike (SP, Lei 13.226/2008 as amended by 17.334/2021).
    """

    scope: str
    starts_on: date
    ends_on: date | None = None
    number: str = ""
    source: str = ""
    is_register: bool = False

    def concerns(self, channel: str, number: str) -> bool:
        """Tell whether a contact by `channel` to `number` is what the block closes."""
        if self.number and self.number != number:
            return False
        if self.scope == "general":
            return True
        if self.scope == "phone":
            return channel == CALL or (self.is_register and channel in BY_NUMBER)
        return self.scope == channel


@dataclass(frozen=True, slots=True)
class Asked:
    """One contact in question. `city` in plain letters; "" is not known; `number` in digits.

    `earlier` are the permitted contacts of the last days, of any number: (instant, channel).
    """

    channel: str
    state: str = ""
    city: str = ""
    number: str = ""
    is_number_active: bool = True
    blocks: tuple[Block, ...] = ()
    earlier: tuple[tuple[datetime, str], ...] = ()

    @property
    def dialled(self) -> str:
        """The state that the area code of the number is of."""
        if self.channel not in BY_NUMBER:
            return ""
        return AREA_CODE_STATE.get(area_code_of(self.number), "")


class Spot(NamedTuple):
    """A place that has a say: the state and city whose rules count, by one clock."""

    state: str
    city: str
    zone: ZoneInfo
    is_residence: bool


def spots_of(asked: Asked) -> list[Spot]:
    """Return the places whose windows count, the residence first."""
    dialled = asked.dialled
    clocks = zones_of(asked.state or dialled, asked.city if asked.state else "")
    city = asked.city if asked.state else ""
    spots = [Spot(asked.state, city, zone, True) for zone in clocks]
    if dialled and dialled != asked.state:
        spots += [Spot(dialled, "", zone, False) for zone in zones_of(dialled)]
    return spots
