"""The calls a tenant may still make: per minute and per day, shared by every process.

Each call is one atomic statement on a few rows of CallUsage. Priority 0 holds the total of a
window; the other rows say who spent it. A provider's own word (headers, 429) closes a day early.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from time import sleep
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.common import clock
from integrations.core.errors import BudgetError
from integrations.core.models import CallUsage


class Priority(IntEnum):
    """Who may spend the last calls of a day; the first is never refused for another's sake."""

    PAYMENTS = 1  # payments, and what is asked right before something is sent
    AGREEMENTS = 2
    LOADS = 3
    REGISTRATION = 4


# Part of the day's quota, in percent, that each priority may bring the total to.
SHARES = {
    Priority.PAYMENTS: 100,
    Priority.AGREEMENTS: 95,
    Priority.LOADS: 80,
    Priority.REGISTRATION: 60,
}
PRIORITY_LABELS = {
    Priority.PAYMENTS: "Pagamentos e conferências",
    Priority.AGREEMENTS: "Acordos",
    Priority.LOADS: "Cargas",
    Priority.REGISTRATION: "Dados cadastrais",
}
_TOTAL = 0
_CLOSED = " fim"  # marks the day a provider declared spent


@dataclass(frozen=True)
class PoolLimit:
    """What one pool of calls allows; no daily limit is known when `per_day` is None."""

    per_minute: int
    per_day: int | None = None


Limits = Mapping[str, PoolLimit]


@dataclass(frozen=True)
class Timing:
    """Clock and patience, replaced in tests."""

    now: Callable[[], datetime] = clock.now
    sleep: Callable[[float], None] = sleep


@dataclass(frozen=True)
class PoolLeft:
    """What is left of one pool, for the screen."""

    pool: str
    minute_used: int
    minute_limit: int
    day_used: int
    day_limit: int | None
    resets_at: datetime
    is_closed: bool = False
    by_priority: Mapping[str, int] = field(default_factory=dict)

    @property
    def day_left(self) -> int | None:
        """Return the calls left today; None when no daily limit is known."""
        if self.is_closed:
            return 0
        return None if self.day_limit is None else max(self.day_limit - self.day_used, 0)


_TABLE = CallUsage._meta.db_table
_INSERT = f'INSERT INTO {_TABLE} AS u (agency_id, system, pool, "window", priority, used)'
_CONFLICT = 'ON CONFLICT (agency_id, system, pool, "window", priority) DO UPDATE SET used = u.used'
# Minute before day: a call refused for the day costs a place in a minute, never the reverse.
_SPEND = f"""
WITH minute AS (
    {_INSERT} VALUES (%(agency)s, %(system)s, %(pool)s, %(minute)s, 0, 1)
    {_CONFLICT} + 1 WHERE u.used < %(per_minute)s
    RETURNING 1
), day AS (
    {_INSERT} SELECT %(agency)s, %(system)s, %(pool)s, %(day)s, 0, 1 FROM minute
    WHERE (%(cap)s::int IS NULL OR %(cap)s::int > 0) AND NOT EXISTS (
        SELECT 1 FROM {_TABLE} c WHERE c.agency_id = %(agency)s AND c.system = %(system)s
        AND c.pool = %(pool)s AND c."window" = %(closed)s)
    {_CONFLICT} + 1 WHERE %(cap)s::int IS NULL OR u.used < %(cap)s::int
    RETURNING 1
), spender AS (
    {_INSERT} SELECT %(agency)s, %(system)s, %(pool)s, %(day)s, %(priority)s, 1 FROM day
    {_CONFLICT} + 1
)
SELECT (SELECT count(*) FROM minute), (SELECT count(*) FROM day)
"""  # noqa: S608  (our own table's name)
_RAISE = f"""
{_INSERT} VALUES (%(agency)s, %(system)s, %(pool)s, %(window)s, 0, %(used)s)
ON CONFLICT (agency_id, system, pool, "window", priority)
DO UPDATE SET used = %(used)s WHERE u.used < %(used)s
"""


class CallBudget:
    """The right of one agency to call one system, spent call by call at one priority."""

    def __init__(
        self,
        agency_id: int,
        system: str,
        limits: Limits,
        priority: Priority = Priority.LOADS,
        timing: Timing | None = None,
    ) -> None:
        self._agency_id = agency_id
        self._system = system
        self._limits = limits
        self._priority = Priority(priority)
        self._timing = timing or Timing()
        self._tried: set[str] = set()

    def spend(self, pool: str) -> None:
        """Take one call of `pool`, waiting for the next minute if this one is full.

        Raises BudgetError when this priority's part of the day is spent. A day that the provider
        declared over is tried once by each client: a quota may be raised, a 429 may be a mistake.
        """
        while True:
            now = self._timing.now()
            in_minute, in_day = self._take(pool, now)
            if in_minute and in_day:
                self._tried.add(pool)
                return
            if in_minute:
                raise self.day_is_spent(pool)
            self._timing.sleep(60 - now.second - now.microsecond / 1_000_000)

    def heard(self, pool: str, remaining: int | None, limit: int | None) -> None:
        """Believe what the provider's headers say is left of the day, if it is less than we knew.

        Its count includes the calls of the tenant's other integrations.
        """
        if remaining is None:
            return
        if remaining <= 0:
            self.close_day(pool)
            return
        known = limit or self._limits[pool].per_day
        if known is not None and known > remaining:
            self._raise(pool, _day(self._timing.now()), known - remaining)

    def served(self, pool: str) -> None:
        """Note that the provider served a call: a day declared over is not."""
        window = _day(self._timing.now()) + _CLOSED
        with scope(agency=self._agency_id):
            CallUsage.objects.filter(system=self._system, pool=pool, window=window).delete()

    def close_day(self, pool: str) -> None:
        """Make no more calls of `pool` until tomorrow: the provider said the day is spent."""
        self._raise(pool, _day(self._timing.now()) + _CLOSED, 1)

    def day_is_spent(self, pool: str) -> BudgetError:
        """Return the error that says until when there are no calls."""
        now = self._timing.now()
        until = _next_day(now)
        return BudgetError(
            f"A cota diária de chamadas ({pool.upper()}) deste tipo de tarefa acabou: "
            f"volta em {office_time(until):%d/%m/%Y às %H:%M}.",
            f"daily quota of {self._system} {pool} spent at priority {self._priority}",
            retry_after=(until - now).total_seconds(),
        )

    def _take(self, pool: str, now: datetime) -> tuple[bool, bool]:
        limit = self._limits[pool]
        share = SHARES[self._priority]
        values: dict[str, Any] = {
            "agency": self._agency_id,
            "system": self._system,
            "pool": pool,
            "minute": _minute(now),
            "day": _day(now),
            "closed": _day(now) + _CLOSED if pool in self._tried else "",
            "priority": int(self._priority),
            "per_minute": limit.per_minute,
            "cap": None if limit.per_day is None else limit.per_day * share // 100,
        }
        with connection.cursor() as cursor:
            cursor.execute(_SPEND, values)
            in_minute, in_day = cursor.fetchone()
        return bool(in_minute), bool(in_day)

    def _raise(self, pool: str, window: str, used: int) -> None:
        values: dict[str, Any] = {
            "agency": self._agency_id,
            "system": self._system,
            "pool": pool,
            "window": window,
            "used": used,
        }
        with connection.cursor() as cursor:
            cursor.execute(_RAISE, values)


@dataclass(frozen=True)
class Limited:
    """A system whose calls are counted: what people call it, and its calls in the log."""

    limits_of: Callable[[Agency], Limits]
    label: str
    log_kind: str


_LIMITED: dict[str, Limited] = {}


def register_limits(
    system: str, limits_of: Callable[[Agency], Limits], *, label: str = "", log_kind: str = ""
) -> None:
    """Make a system's limits known; they depend on what each agency contracted."""
    _LIMITED[system] = Limited(limits_of, label or system.upper(), log_kind)


def limited_systems() -> Mapping[str, Limited]:
    """Return the systems whose calls are counted, by name."""
    return _LIMITED


def budget_left(
    agency: Agency, system: str, now: Callable[[], datetime] = clock.now
) -> list[PoolLeft]:
    """Return what is left of each pool of a system, and who spent it today."""
    moment = now()
    minute, day = _minute(moment), _day(moment)
    with scope(agency=agency):
        rows = CallUsage.objects.filter(
            agency=agency, system=system, window__in=[minute, day, day + _CLOSED]
        )
        used = {(row.pool, row.window, row.priority): row.used for row in rows}
    return [
        PoolLeft(
            pool=pool,
            minute_used=used.get((pool, minute, _TOTAL), 0),
            minute_limit=limit.per_minute,
            day_used=used.get((pool, day, _TOTAL), 0),
            day_limit=limit.per_day,
            resets_at=_next_day(moment),
            is_closed=(pool, day + _CLOSED, _TOTAL) in used,
            by_priority={
                label: used[pool, day, priority]
                for priority, label in PRIORITY_LABELS.items()
                if (pool, day, priority) in used
            },
        )
        for pool, limit in _LIMITED[system].limits_of(agency).items()
    ]


def forget_usage(agency: Agency, before: datetime) -> int:
    """Delete an agency's windows that began before a day; returns how many."""
    with scope(agency=agency):
        return int(CallUsage.objects.filter(window__lt=_day(before)).delete()[0])


def calls_between(agency: Agency, system: str, since: datetime, until: datetime) -> dict[str, int]:
    """Return the calls of each pool made in the minutes from `since` to `until`."""
    with scope(agency=agency):
        rows = CallUsage.objects.filter(
            system=system,
            window__gte=_minute(since),
            window__lte=_minute(until),
            window__contains=":",  # minutes alone: the name of a day stands between them
            priority=_TOTAL,
        )
        used = rows.values_list("pool").annotate(used=Sum("used"))
        return dict(used)


def office_time(moment: datetime) -> datetime:
    """Return an instant in the office's time zone."""
    return moment.astimezone(timezone.get_current_timezone())


def _minute(moment: datetime) -> str:
    return f"{office_time(moment):%Y-%m-%d %H:%M}"


def _day(moment: datetime) -> str:
    # Where the provider's day ends is not documented; the office's own is the best guess.
    return f"{office_time(moment):%Y-%m-%d}"


def _next_day(moment: datetime) -> datetime:
    today = office_time(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)
