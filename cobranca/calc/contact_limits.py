"""The limits of a contact, each able to say when it opens, when it closes, and why."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from cobranca.calc import contact_words as words
from cobranca.calc.contact_asked import BY_NUMBER, Asked, Block, Spot
from cobranca.calc.contact_rules import LETTER, Law, Plan, Policy

# No window stays shut longer than this but one that stays shut for good.
HORIZON = timedelta(days=400)
DAY = timedelta(days=1)
MIDNIGHT = time(0)


class Verdict(NamedTuple):
    """What one limit says of an instant: its code, a sentence, and the norm behind it."""

    code: str
    holds: bool
    text: str
    norm: str = ""
    source: str = ""
    certainty: str = ""


class Limit(Protocol):
    """One condition of a contact."""

    def holds(self, at: datetime) -> bool:
        """Tell whether the condition is met at an instant."""

    def opens(self, at: datetime) -> datetime | None:
        """Return the first instant from `at` on at which it is met; None when never."""

    def closes(self, at: datetime) -> datetime | None:
        """Return until when it stays met; None when nothing in sight ends it."""

    def verdict(self, at: datetime) -> Verdict:
        """Return what it says, in words."""


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


class WindowLimit:
    """The hours of one place by one clock."""

    __slots__ = ("channel", "law", "spot")

    def __init__(self, law: Law, spot: Spot, channel: str) -> None:
        self.law, self.spot, self.channel = law, spot, channel

    def plan(self, day: date) -> Plan:
        """Return what the place allows on a day."""
        return self.law.plan(self.spot.state, self.spot.city, self.channel, day)

    def holds(self, at: datetime) -> bool:
        """Tell whether the place is open."""
        local = at.astimezone(self.spot.zone)
        plan = self.plan(local.date())
        if plan.start is None or plan.end is None:
            return plan.is_free
        return plan.start <= local.time() < plan.end

    def opens(self, at: datetime) -> datetime | None:
        """Return the next opening."""
        local = at.astimezone(self.spot.zone)
        day, now = local.date(), local.time()
        for _ in range(HORIZON.days):
            plan = self.plan(day)
            if plan.is_free:
                return at if day == local.date() else _instant(day, MIDNIGHT, self.spot.zone)
            if plan.start is not None and plan.end is not None and now < plan.end:
                return at if now >= plan.start else _instant(day, plan.start, self.spot.zone)
            day, now = day + DAY, MIDNIGHT
        return None

    def closes(self, at: datetime) -> datetime | None:
        """Return the end of today's window."""
        day = at.astimezone(self.spot.zone).date()
        end = self.plan(day).end
        return None if end is None else _instant(day, end, self.spot.zone)

    def verdict(self, at: datetime) -> Verdict:
        """Return what the place says."""
        local = at.astimezone(self.spot.zone)
        plan, holds = self.plan(local.date()), self.holds(at)
        rule = plan.rule
        code = words.window_code(self.spot, plan, holds=holds)
        text = words.window(self.spot, plan, self.channel, local, holds=holds)
        if rule is None:
            return Verdict(code, holds, text)
        return Verdict(code, holds, text, rule.norm, rule.source, rule.certainty)


class NumberLimit:
    """A number that was found not to be the debtor's is never used again."""

    def __init__(self, asked: Asked) -> None:
        self.is_active = asked.is_number_active

    def holds(self, at: datetime) -> bool:
        """Tell whether the number is in use."""
        return self.is_active

    def opens(self, at: datetime) -> datetime | None:
        """Return now or never."""
        return at if self.is_active else None

    def closes(self, at: datetime) -> datetime | None:
        """Nothing in sight ends it."""
        return None

    def verdict(self, at: datetime) -> Verdict:
        """Return what there is to say of the number."""
        return Verdict("number:inactive", self.is_active, words.number(self.is_active))


class BlockLimit:
    """One block; its days begin with the first of the person's clocks and end with the last."""

    def __init__(self, block: Block, zones: tuple[ZoneInfo, ...]) -> None:
        self.block, self.zones = block, zones

    def holds(self, at: datetime) -> bool:
        """Tell whether the block is not in force."""
        block = self.block
        days = [at.astimezone(zone).date() for zone in self.zones]
        return max(days) < block.starts_on or (
            block.ends_on is not None and min(days) > block.ends_on
        )

    def opens(self, at: datetime) -> datetime | None:
        """Return when the block ends."""
        if self.holds(at):
            return at
        if self.block.ends_on is None:
            return None
        return max(_instant(self.block.ends_on + DAY, MIDNIGHT, zone) for zone in self.zones)

    def closes(self, at: datetime) -> datetime | None:
        """Return when a block to come begins."""
        starts = min(_instant(self.block.starts_on, MIDNIGHT, zone) for zone in self.zones)
        return starts if starts > at else None

    def verdict(self, at: datetime) -> Verdict:
        """Return what is blocked, by whose wish, until when."""
        holds = self.holds(at)
        return Verdict(words.block_code(self.block), holds, words.block(self.block, holds=holds))


class CountCap:
    """At most so many contacts in some days by the person's calendar, the present one included."""

    def __init__(self, code: str, cap: int, days: int, asked: Asked, zone: ZoneInfo) -> None:
        self.code, self.cap, self.days, self.zone = code, cap, days, zone
        self.dates = [
            at.astimezone(zone).date() for at, channel in asked.earlier if channel != LETTER
        ]

    def count(self, day: date) -> int:
        """Return how many contacts there were in the days that end with `day`."""
        since = day - DAY * (self.days - 1)
        return sum(since <= each <= day for each in self.dates)

    def holds(self, at: datetime) -> bool:
        """Tell whether one more fits."""
        return self.count(at.astimezone(self.zone).date()) < self.cap

    def opens(self, at: datetime) -> datetime | None:
        """Return when one more fits: the midnight at which enough of them are past."""
        if self.holds(at):
            return at
        today = at.astimezone(self.zone).date()
        ahead = (today + DAY * number for number in range(1, self.days + 1))
        day = next((day for day in ahead if self.count(day) < self.cap), None)
        return None if day is None else _instant(day, MIDNIGHT, self.zone)

    def closes(self, at: datetime) -> datetime | None:
        """Only a further contact ends it."""
        return None

    def verdict(self, at: datetime) -> Verdict:
        """Return how many there were, of how many there may be."""
        day = at.astimezone(self.zone).date()
        text = words.cap(self.count(day), self.cap, self.days)
        return Verdict(self.code, self.holds(at), text, words.CAP_NORM)


class IntervalLimit:
    """So many minutes between contacts that interrupt a person: calls and messages."""

    def __init__(self, minutes: int, asked: Asked) -> None:
        self.gap = timedelta(minutes=minutes)
        self.moments = [at for at, channel in asked.earlier if channel in BY_NUMBER]

    def _near(self, at: datetime) -> datetime | None:
        return max((each for each in self.moments if abs(at - each) < self.gap), default=None)

    def holds(self, at: datetime) -> bool:
        """Tell whether the last one is long enough ago."""
        return self._near(at) is None

    def opens(self, at: datetime) -> datetime | None:
        """Return when it is."""
        while (near := self._near(at)) is not None:
            at = near + self.gap
        return at

    def closes(self, at: datetime) -> datetime | None:
        """Only a further contact ends it."""
        return None

    def verdict(self, at: datetime) -> Verdict:
        """Return when the last one was."""
        near = self._near(at)
        text = words.interval(self.gap, near is None)
        return Verdict("cap:interval", near is None, text, words.CAP_NORM)


def cap_limits(policy: Policy, asked: Asked, zone: ZoneInfo) -> list[Limit]:
    """Return the caps of a contact: letters have none, and only what interrupts waits."""
    if asked.channel == LETTER:
        return []
    limits: list[Limit] = []
    if policy.minutes_between and asked.channel in BY_NUMBER:
        limits.append(IntervalLimit(policy.minutes_between, asked))
    if policy.daily_cap is not None:
        limits.append(CountCap("cap:day", policy.daily_cap, 1, asked, zone))
    if policy.weekly_cap is not None:
        limits.append(CountCap("cap:week", policy.weekly_cap, 7, asked, zone))
    return limits
