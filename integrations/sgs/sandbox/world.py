"""Every value of every series, as a function of the seed, and what was corrected since."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from integrations.sandbox.clock import Clock
from integrations.sandbox.dates import add_months, is_business_day
from integrations.sgs.sandbox.catalog import Series

_HUNDREDTH = Decimal("0.01")


class World:
    """What the bank knows today. A correction to None takes a value back."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self._corrected: dict[tuple[int, date], str | None] = {}

    def correct(self, code: int, day: date, value: str | None) -> None:
        """Replace a value, give one before its day, or take it back."""
        self._corrected[code, day] = value

    def rows(self, series: Series, start: date, end: date) -> list[dict[str, str]]:
        """Return what was published of a period, oldest first.

        A month belongs to every period that touches it, also one that begins on its second day.
        """
        told = ((day, self.value(series, day)) for day in _days(series, start, end))
        return [{"data": f"{day:%d/%m/%Y}", "valor": value} for day, value in told if value]

    def value(self, series: Series, day: date) -> str | None:
        """Return the value of a day (of a month: its first) as text; None while there is none."""
        if (series.code, day) in self._corrected:
            return self._corrected[series.code, day]
        if day < series.first or not self._is_out(series, day):
            return None
        chance = random.Random(f"{self.seed}:{series.code}:{day.isoformat()}")
        drawn = chance.randint(series.low, series.high) * _HUNDREDTH
        return str(drawn)

    def _is_out(self, series: Series, day: date) -> bool:
        if series.is_daily:
            return day < self.clock.today()
        out = add_months(day, series.months_later, wanted_day=series.day_out)
        return out <= self.clock.today()


def _days(series: Series, start: date, end: date) -> Iterator[date]:
    if series.is_daily:
        days = (start + timedelta(days=days) for days in range((end - start).days + 1))
        yield from (day for day in days if is_business_day(day))
        return
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = add_months(month, 1)
