"""May a debtor be contacted now, by which rule not, and when again. Pure: rules are data.

A contact is permitted when every limit holds: blocks, the windows of the state of residence and
of the state of the dialled area code (each by its own clock and holidays, so that the stricter
wins), the office's own hours, and the caps. Ends are exclusive. What is not known counts against
the contact: without a residence the nation's default rule is asked beside the area code's; with
neither, the default rule by every clock of the country; a year whose holidays are not loaded is
closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cobranca.calc import contact_words as words
from cobranca.calc.contact_asked import BY_NUMBER, Asked, Block, Spot, spots_of
from cobranca.calc.contact_limits import (
    HORIZON,
    BlockLimit,
    Limit,
    NumberLimit,
    Verdict,
    WindowLimit,
    cap_limits,
)
from cobranca.calc.contact_places import AREA_CODE_STATE
from cobranca.calc.contact_rules import LETTER, NATIONAL, OFFICE, Hours, Law, Policy, StateRule

__all__ = [
    "AREA_CODE_STATE", "BY_NUMBER", "NATIONAL", "OFFICE", "Asked", "Block", "Decision", "Hours",
    "Law", "Limit", "Policy", "Spot", "StateRule", "Verdict", "decide", "first_permitted",
    "is_permitted", "limits_of", "spots_of", "verdicts",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """May the contact be made: `rule` and `reason` say why not, or what permits it.

    `until` is when a permission ends (None: no end in sight); `next_at` the first permitted
    instant after a refusal (None: never, as things stand).
    """

    is_allowed: bool
    rule: str
    reason: str
    next_at: datetime | None = None
    until: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def limits_of(law: Law, asked: Asked) -> list[Limit]:
    """Return all that a contact must respect, what is most telling first."""
    spots = spots_of(asked)
    zones = tuple({spot.zone: None for spot in spots})
    limits: list[Limit] = [
        BlockLimit(block, zones)
        for block in asked.blocks
        if block.concerns(asked.channel, asked.number)
    ]
    if not asked.is_number_active:
        limits.append(NumberLimit(asked))
    if asked.channel != LETTER:
        limits += [WindowLimit(law, spot, asked.channel) for spot in spots]
    return limits + cap_limits(law.policy, asked, zones[0])


def is_permitted(law: Law, asked: Asked, at: datetime) -> bool:
    """Tell whether the contact may be made at an instant: `decide` without its words."""
    return all(limit.holds(at) for limit in limits_of(law, asked))


def decide(law: Law, asked: Asked, at: datetime) -> Decision:
    """Return whether the contact may be made, by which rule, until or from when."""
    at, limits = at.astimezone(UTC), limits_of(law, asked)
    refusing = next((limit for limit in limits if not limit.holds(at)), None)
    if refusing is not None:
        said = refusing.verdict(at)
        return Decision(False, said.code, said.text, next_at=first_permitted(limits, at))
    ends = [(end, limit) for limit in limits if (end := limit.closes(at)) is not None]
    if not ends:
        return Decision(True, "free", words.free(asked.channel))
    until, limit = min(ends, key=lambda each: each[0])
    said = limit.verdict(at)
    return Decision(True, said.code, said.text, until=until)


def verdicts(law: Law, asked: Asked, at: datetime) -> list[Verdict]:
    """Return what each limit says of an instant, alike ones once."""
    return list(dict.fromkeys(limit.verdict(at) for limit in limits_of(law, asked)))


def first_permitted(limits: list[Limit], at: datetime) -> datetime | None:
    """Return the first instant from `at` on at which all limits hold; None within the horizon."""
    moment, end = at, at + HORIZON
    while moment < end:
        later = moment
        for limit in limits:
            opened = limit.opens(later)
            if opened is None:
                return None
            later = opened
        if later == moment:
            return moment
        moment = later
    return None
