"""The law of contact as data: norms by state, holidays, what an office adds; day by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

CALL, SMS, WHATSAPP, EMAIL, LETTER = "call", "sms", "whatsapp", "email", "letter"
NATION = "BR"
# Keys of holidays beside states ("SP") and municipalities ("SP/campinas").
NATIONAL, OFFICE = "", "*"
SATURDAY = 5


class Hours(NamedTuple):
    """From `start` up to, not including, `end`, by the clock on the person's wall."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class StateRule:
    """A norm: when a state (the nation's default: "") allows collection by some channels."""

    state: str
    norm: str
    channels: frozenset[str]
    weekday: Hours | None
    saturday: Hours | None
    sunday: Hours | None
    holiday: Hours | None
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    certainty: str = ""
    recording_required: bool = False

    def hours_on(self, day: date, is_holiday: bool) -> Hours | None:
        """Return the hours of a day, None when it is closed."""
        if is_holiday:
            return self.holiday
        weekday = day.weekday()
        if weekday < SATURDAY:
            return self.weekday
        return self.saturday if weekday == SATURDAY else self.sunday

    def is_in_force(self, day: date) -> bool:
        """Tell whether the norm is valid on `day`, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Policy:
    """What an office adds, only ever stricter. No number (None) is no cap."""

    windowed: frozenset[str] = frozenset({SMS, WHATSAPP})
    earliest: time | None = None
    latest: time | None = None
    daily_cap: int | None = None
    weekly_cap: int | None = None
    minutes_between: int = 0


class Plan(NamedTuple):
    """What a place allows by a channel on one day: from `start` to `end`; neither: closed.

    `rule` is the norm that decides, None when nothing limits the channel (`is_free`) or nothing
    is known; `holiday` names the day; `by_office` tells that the office's hours cut it.
    """

    start: time | None
    end: time | None
    rule: StateRule | None
    holiday: str = ""
    is_free: bool = False
    by_office: bool = False
    is_known: bool = True


_FREE = Plan(None, None, None, is_free=True)
_UNKNOWN_YEAR = Plan(None, None, None, is_known=False)
_NO_RULE = Plan(None, None, None)


@dataclass(frozen=True)
class Law:
    """Rules, holidays (by place, then day, with names) and one office's policy.

    Remembers the days it worked out: one instance serves many decisions.
    """

    rules: tuple[StateRule, ...]
    holidays: Mapping[str, Mapping[date, str]]
    policy: Policy = Policy()
    _plans: dict[Any, Plan] = field(default_factory=dict, repr=False, compare=False)
    _years: dict[int, bool] = field(default_factory=dict, repr=False, compare=False)

    def in_force(self, state: str, day: date) -> list[StateRule]:
        """Return the norms of a state on a day; without one, the nation's default."""
        own = [rule for rule in self.rules if rule.state == state and rule.is_in_force(day)]
        if own or not state:
            return own
        return self.in_force("", day)

    def holiday(self, state: str, city: str, day: date) -> str:
        """Return the name of the holiday that `day` is at a place, "" for none."""
        places = (NATIONAL, state, f"{state}/{city}", OFFICE)
        found = (self.holidays.get(place, {}).get(day, "") for place in places)
        return next(filter(None, found), "")

    def knows(self, year: int) -> bool:
        """Tell whether the nation's holidays of a year are loaded."""
        if year not in self._years:
            national = self.holidays.get(NATIONAL, {})
            self._years[year] = any(day.year == year for day in national)
        return self._years[year]

    def plan(self, state: str, city: str, channel: str, day: date) -> Plan:
        """Return what a place allows by a channel on a day."""
        key = (state, city, channel, day)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._worked_out(state, city, channel, day)
        return plan

    def _worked_out(self, state: str, city: str, channel: str, day: date) -> Plan:
        norms = self.in_force(state, day)
        if channel != CALL and channel not in self.policy.windowed:
            norms = [rule for rule in norms if channel in rule.channels]
            if not norms:
                return _FREE
        if not self.knows(day.year):
            return _UNKNOWN_YEAR
        if not norms:
            return _NO_RULE
        return self._narrowed(norms, self.holiday(state, city, day), day)

    def _narrowed(self, norms: Iterable[StateRule], holiday: str, day: date) -> Plan:
        """Return what all of several norms, and then the office, allow."""
        plan: Plan | None = None
        for rule in norms:
            hours = rule.hours_on(day, bool(holiday))
            if hours is None:
                return Plan(None, None, rule, holiday)
            if plan is None or plan.start is None or plan.end is None:
                plan = Plan(*hours, rule, holiday)
            else:
                tighter = rule if hours.end < plan.end else plan.rule
                plan = Plan(
                    max(plan.start, hours.start), min(plan.end, hours.end), tighter, holiday
                )
        return self._cut_by_office(plan or _NO_RULE)

    def _cut_by_office(self, plan: Plan) -> Plan:
        if plan.start is None or plan.end is None:
            return plan
        start = max(plan.start, self.policy.earliest or plan.start)
        end = min(plan.end, self.policy.latest or plan.end)
        by_office = (start, end) != (plan.start, plan.end)
        if start >= end:
            return plan._replace(start=None, end=None, by_office=by_office)
        return plan._replace(start=start, end=end, by_office=by_office)
