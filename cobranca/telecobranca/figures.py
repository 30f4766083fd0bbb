"""What each collector did in a month and on its last day told: one statement, nothing looped over.

Contacts and promises count for whoever recorded them; agreements, and the money received for
them, for whoever made the agreement (AgreementPayment tells integrated ones too, each once).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from cobranca.calc.money import ZERO
from cobranca.telecobranca.models import GoalMetric

_FACTS = """
WITH facts (person, metric, at, day, amount) AS (
    SELECT r.actor_id, m.metric, r.happened_at,
           (r.happened_at AT TIME ZONE %(zone)s)::date, 1::numeric
    FROM dunning_contactrecord r
    JOIN dunning_contactresult x ON x.id = r.result_id
    JOIN (VALUES ('contacts', false), ('effective', true)) AS m (metric, is_effective)
      ON x.is_effective OR NOT m.is_effective
    WHERE r.agency_id = %(agency)s AND r.happened_at >= %(start)s AND r.happened_at < %(end)s
    UNION ALL
    SELECT actor_id, 'promises', NULL, made_on, 1
    FROM dunning_promise
    WHERE agency_id = %(agency)s AND status <> 'cancelled'
      AND made_on BETWEEN %(first)s AND %(on)s
    UNION ALL
    SELECT made_by_id, 'agreements', NULL, made_on, 1
    FROM agreements_agreement
    WHERE agency_id = %(agency)s AND status IN ('active', 'settled', 'broken')
      AND made_on BETWEEN %(first)s AND %(on)s
    UNION ALL
    SELECT g.made_by_id, 'recovered', NULL, p.paid_on, p.amount
    FROM agreements_agreementpayment p JOIN agreements_agreement g ON g.id = p.agreement_id
    WHERE p.agency_id = %(agency)s AND p.reversed_on IS NULL
      AND p.paid_on BETWEEN %(first)s AND %(on)s
)
SELECT person, metric, sum(amount), coalesce(sum(amount) FILTER (WHERE day = %(on)s), 0), max(at)
FROM facts GROUP BY person, metric
"""
Key = tuple[int | None, str]


@dataclass
class Figures:
    """What was done, by person and metric: from the first day on, and on the last."""

    so_far: dict[Key, Decimal] = field(default_factory=dict)
    last_day: dict[Key, Decimal] = field(default_factory=dict)
    last_contact: dict[int | None, datetime] = field(default_factory=dict)

    def of(self, people: Collection[int], metric: str) -> Decimal:
        """Return what some people did since the first day."""
        return sum((self.so_far.get((person, metric), ZERO) for person in people), ZERO)

    def today_of(self, person: int) -> dict[str, Decimal]:
        """Return what somebody did on the last day, by metric."""
        return {m.value: self.last_day.get((person, m.value), ZERO) for m in GoalMetric}

    def today(self) -> dict[str, Decimal]:
        """Return what was done on the last day by everybody, nobody in person included."""
        totals = dict.fromkeys(GoalMetric.values, ZERO)
        for (_, metric), amount in self.last_day.items():
            totals[metric] += amount
        return totals

    def only(self, people: Collection[int]) -> "Figures":
        """Return the figures of some people alone, nobody's left out."""
        return Figures(
            {key: amount for key, amount in self.so_far.items() if key[0] in people},
            {key: amount for key, amount in self.last_day.items() if key[0] in people},
            {person: at for person, at in self.last_contact.items() if person in people},
        )

    @property
    def busy(self) -> set[int]:
        """Who did anything on the last day."""
        return {person for (person, _), amount in self.last_day.items() if person and amount}


def figures_between(agency_id: int, first: date, on: date) -> Figures:
    """Return what was done from `first` to `on`, both included; one query."""
    start, end = day_bounds(first)[0], day_bounds(on)[1]
    values: dict[str, Any] = {
        "agency": agency_id,
        "zone": settings.TIME_ZONE,
        "first": first,
        "on": on,
        "start": start,
        "end": end,
    }
    found = Figures()
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        for person, metric, total, today, at in cursor.fetchall():
            found.so_far[person, metric] = total
            found.last_day[person, metric] = today
            if metric == GoalMetric.CONTACTS:
                found.last_contact[person] = at
    return found


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in the office's time zone; the end is exclusive."""
    start = timezone.make_aware(datetime.combine(on, time.min))
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    return start, end
