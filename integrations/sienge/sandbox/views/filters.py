"""Filters that several lists share."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from integrations.sienge.sandbox.call import Call


@dataclass(frozen=True, slots=True)
class Between:
    """A pair of date arguments; whether they include their own day is a switch."""

    start: date | None
    end: date | None
    exclusive: bool

    @classmethod
    def of(cls, call: Call, after: str, before: str, *, switchable: bool = True) -> Self:
        """Read the two arguments of a call."""
        exclusive = switchable and call.switches.exclusive_bounds
        return cls(call.day(after), call.day(before), exclusive)

    def holds(self, day: date | None) -> bool:
        """Whether a day lies between; a missing day only when nothing was asked."""
        if day is None:
            return self.start is None and self.end is None
        if self.exclusive and day in (self.start, self.end):
            return False
        return (self.start is None or day >= self.start) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A pair of lists, the ones wanted and the ones not; the first wins over the second."""

    wanted: frozenset[str]
    unwanted: frozenset[str]

    @classmethod
    def of(cls, call: Call, wanted: str, unwanted: str) -> Self:
        """Read the two comma-separated arguments of a call."""
        return cls(frozenset(call.words(wanted)), frozenset(call.words(unwanted)))

    def holds(self, code: object) -> bool:
        """Whether a code is wanted, or at least not unwanted when no list was given."""
        text = str(code)
        return text in self.wanted if self.wanted else text not in self.unwanted
