"""What a board is asked for: a period, and whose part of the portfolio."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cobranca.reports.periods import Bucket, before, buckets_of

# `collector` of what nobody's hand did: automatic, or by the portal.
NOBODY = 0
# `branch` of contracts without one.
NO_BRANCH = 0


@dataclass(frozen=True)
class Filters:
    """One agency's filters; both ends of the period are included."""

    agency: int
    on: date
    start: date
    end: date
    step: str
    creditor: int | None = None
    branch: int | None = None
    team: int | None = None
    collector: int | None = None

    @property
    def buckets(self) -> list[Bucket]:
        """The period in weeks or months."""
        return buckets_of(self.start, self.end, self.step)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    def with_period_before(self) -> "Filters":
        """Return the same filters over this period and the one before it, as long."""
        return replace(self, start=before(self.start, self.end)[0])

    def parameters(self) -> dict[str, Any]:
        """Return the values that every statement takes."""
        return {
            "agency": self.agency,
            "on": self.on,
            "start": self.start,
            "end": self.end,
            "start_at": midnight(self.start),
            "end_at": midnight(self.end + timedelta(days=1)),
            "step": self.step,
            "zone": timezone.get_current_timezone_name(),
            "creditor": self.creditor,
            "branch": self.branch,
            "team": self.team,
            "collector": self.collector,
        }

    def query(self) -> dict[str, str]:
        """Return the filters as an address spells them, the period always told."""
        words = {
            "de": self.start.isoformat(),
            "ate": self.end.isoformat(),
            "credor": self.creditor,
            "filial": self.branch,
            "equipe": self.team,
            "cobrador": self.collector,
        }
        return {name: str(value) for name, value in words.items() if value is not None}


def midnight(day: date) -> datetime:
    """Return the instant at which a day of the office begins."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
