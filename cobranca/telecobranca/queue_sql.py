"""The ranking as one set-based statement, put together from the queues of an agency."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from cobranca.campaigns.models import Campaign
from cobranca.campaigns.rules import campaigns_in_force
from cobranca.telecobranca.models import PromiseFilter, WorkQueue
from cobranca.telecobranca.queue_rules import QUEUE_STEP, WHOLE, Criterion, Rule, rules_of

# Nobody's: a debtor who fits no queue any more but has a pause or a reminder to keep.
PARKED = -(2**62)


@dataclass(frozen=True)
class Spec:
    """A queue as the ranking reads it: its columns, and the keys of what it is narrowed to."""

    queue: WorkQueue
    creditors: tuple[int, ...] = ()
    branches: tuple[int, ...] = ()
    campaigns: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()

    @property
    def rules(self) -> list[Rule]:
        return rules_of(self.queue.ordering)

    @property
    def asks_contracts(self) -> bool:
        return bool(self.creditors or self.branches or self.campaigns or self.teams)

    @property
    def asks_score(self) -> bool:
        limits = (self.queue.min_score, self.queue.max_score)
        return limits != (None, None) or any(rule.by == Criterion.SCORE for rule in self.rules)


@dataclass
class Text:
    """A statement in the making: pieces of SQL, and the values that travel as parameters."""

    values: dict[str, Any] = field(default_factory=dict)
    # Narrows contracts `c` as the debtors are narrowed.
    of_contracts: str = ""

    def put(self, value: Any) -> str:
        """Return the placeholder of a value."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


DAYS = "(%(on)s::date - s.oldest_due_date)"
QUIET = "(%(on)s::date - (s.last_contact_at AT TIME ZONE %(zone)s)::date)"
# As an ERP, a hygiene house or a bureau told it, kept among the debtor's details: 0 to 1000.
SCORE = "CASE WHEN d.details->>'score' ~ '^[0-9]{1,4}$' THEN (d.details->>'score')::int END"
PROMISES = {
    PromiseFilter.NONE: "s.next_promise_on IS NULL",
    PromiseFilter.OPEN: "s.next_promise_on IS NOT NULL",
    PromiseFilter.DUE: "s.next_promise_on <= %(on)s::date",
}
MEASURES = {
    Criterion.DAYS_LATE: DAYS,
    Criterion.TOTAL: "floor(s.open_total)::bigint",
    Criterion.LAST_CONTACT: QUIET,
    Criterion.SCORE: "s.score",
}


def fits(spec: Spec, text: Text, on: date) -> str:
    """Return the condition under which a debtor `s` belongs to a queue."""
    queue = spec.queue
    limits = (
        (DAYS, ">=", queue.min_days_late),
        (DAYS, "<=", queue.max_days_late),
        ("s.open_total", ">=", queue.min_total),
        ("s.open_total", "<=", queue.max_total),
        ("s.score", ">=", queue.min_score),
        ("s.score", "<=", queue.max_score),
    )
    told = [f"{what} {sign} {text.put(limit)}" for what, sign, limit in limits if limit is not None]
    if queue.quiet_days is not None:
        told.append(f"coalesce({QUIET} >= {text.put(queue.quiet_days)}, true)")
    if queue.promise in PROMISES:
        told.append(PROMISES[PromiseFilter(queue.promise)])
    if spec.asks_contracts:
        told.append(
            "s.debtor_id IN (SELECT c.debtor_id FROM contracts_contract c WHERE "
            f"c.agency_id = %(agency)s{text.of_contracts} AND {contract_fits(spec, text, on)})"
        )
    return " AND ".join(told) or "true"


def contract_fits(spec: Spec, text: Text, on: date) -> str:
    """Return the condition under which a contract `c` is one that a queue is for."""
    told = ["c.status = 'active'"]
    if spec.creditors:
        told.append(f"c.creditor_id = ANY({text.put(list(spec.creditors))}::bigint[])")
    if spec.branches:
        told.append(f"c.branch_id = ANY({text.put(list(spec.branches))}::bigint[])")
    if spec.campaigns:
        told.append(_of_campaigns(spec, text, on))
    if spec.teams:
        told.append(
            "c.id IN (SELECT a.contract_id FROM telecobranca_contractassignment a"
            f" WHERE a.team_id = ANY({text.put(list(spec.teams))}::bigint[]))"
        )
    return " AND ".join(told)


def _of_campaigns(spec: Spec, text: Text, on: date) -> str:
    """Return when one of the campaigns prices a contract: it matches, and no better one does.

    The same choice as `cobranca.campaigns.rules.choose`, said in SQL.
    """
    chosen = Campaign.objects.filter(pk__in=spec.campaigns)
    creditors = list(chosen.values_list("creditor_id", flat=True))
    better: dict[int, list[str]] = {}
    told = []
    for campaign in campaigns_in_force(creditors, on):
        match = _matches(campaign, text)
        before = better.setdefault(campaign.creditor_id, [])
        if campaign.pk in spec.campaigns:
            told.append(" AND NOT ".join([match, *before]))
        before.append(match)
    return f"({' OR '.join(f'({each})' for each in told) or 'false'})"


def _matches(campaign: Campaign, text: Text) -> str:
    told = [f"c.creditor_id = {text.put(campaign.creditor_id)}"]
    if campaign.contract_type_ids:
        kinds = text.put(list(campaign.contract_type_ids))
        told.append(f"c.contract_type_id = ANY({kinds}::bigint[])")
    if campaign.branch_ids:
        branches = text.put(list(campaign.branch_ids))
        told.append(f"coalesce(c.branch_id = ANY({branches}::bigint[]), false)")
    return f"({' AND '.join(told)})"


LONG_AGO = 3650  # days


def points(rules: Sequence[Rule], text: Text) -> str:
    """Return the points that rules give a debtor `s`, as queue_rules computes them."""
    return " + ".join(_part(rule, text) for rule in rules) or "0"


def _part(rule: Rule, text: Text) -> str:
    weight, full = text.put(rule.weight), text.put(rule.full)
    if rule.by == Criterion.PROMISE:
        return f"CASE WHEN s.next_promise_on <= %(on)s::date THEN {weight} * {WHOLE} ELSE 0 END"
    # Of what is not known greatest() makes 0; never contacted is as long ago as can be.
    unknown = f", {full}" if rule.by == Criterion.LAST_CONTACT else ""
    measure = f"greatest(coalesce({MEASURES[Criterion(rule.by)]}{unknown}), 0)"
    if rule.by == Criterion.LAST_CONTACT and rule.full <= LONG_AGO:
        # Surely all of it: the day in the office's time zone takes a while to find out.
        sure = f"(%(on)s::date - {text.put(rule.full + 2)}::int)::timestamp AT TIME ZONE 'UTC'"
        measure = f"CASE WHEN s.last_contact_at < {sure} THEN {full} ELSE {measure} END"
    return f"{weight} * ({WHOLE}::bigint * least({measure}, {full}) / {full})"


# The least key: a collector's before a team's, and of several the same one every time.
POOLS = """
LEFT JOIN (
    SELECT c.debtor_id, min(CASE WHEN u.id IS NOT NULL THEN -u.id ELSE t.id END) AS pool
    FROM telecobranca_contractassignment a
    JOIN contracts_contract c ON c.id = a.contract_id AND c.status = 'active'
    LEFT JOIN accounts_user u ON u.id = a.collector_id AND u.is_active
    LEFT JOIN accounts_team t ON t.id = a.team_id AND t.is_active
    WHERE a.agency_id = %(agency)s {of_contracts}
    GROUP BY c.debtor_id
) mine ON mine.debtor_id = f.debtor_id
"""
# Everybody with a summary is looked at: who leaves must be seen as well as who belongs.
LEAVES = """
s.open_total <= 0 OR s.is_blocked OR s.debtor_id IN (
    SELECT d.id FROM debtors_debtor d
    WHERE d.agency_id = %(agency)s AND (d.merged_into_id IS NOT NULL OR d.anonymised_at IS NOT NULL)
)
"""
SCORED = f"""(
SELECT s.debtor_id, s.agency_id, s.open_total, s.oldest_due_date, s.last_contact_at,
       s.next_promise_on, s.is_blocked, {SCORE} AS score
FROM debtors_debtorsummary s JOIN debtors_debtor d ON d.id = s.debtor_id
WHERE s.agency_id = %(agency)s
OFFSET '0'  -- a fence, here and below: what is spoken of twice is worked out once
)"""
# A rank tells its queue as well: points never reach half of the room between two queues.
ORD = f"nullif((f.rank + {QUEUE_STEP // 2}) / {QUEUE_STEP}, 0)"


@dataclass(frozen=True)
class Ranking:
    """Who belongs where in an agency's queues on a day, as a SELECT.

    One row a debtor of the agency: debtor_id, agency_id, leaves (owes nothing or must not be
    contacted), ord (the number of the queue, NULL: fits none), queue_id, rank, pool.
    """

    sql: str
    values: dict[str, Any]


def ranking(
    agency_id: int,
    specs: Sequence[Spec],
    *,
    on: date,
    has_teams: bool,
    only: Sequence[int] | None = None,
) -> Ranking:
    """Return the ranking of an agency's debtors, or of a few alone."""
    text = Text({"agency": agency_id, "on": on, "zone": settings.TIME_ZONE})
    narrowed = ""
    if only is not None:
        text.values["only"] = list(only)
        text.of_contracts = " AND c.debtor_id = ANY(%(only)s::bigint[])"
        narrowed = "AND s.debtor_id = ANY(%(only)s::bigint[])"
    ranks = [
        f"WHEN {fits(spec, text, on)} THEN {n * QUEUE_STEP} - ({points(spec.rules, text)})"
        for n, spec in enumerate(specs, 1)
    ]
    keys = text.put([spec.queue.pk or 0 for spec in specs])
    has_score = any(spec.asks_score for spec in specs)
    sql = f"""
        SELECT f.debtor_id, %(agency)s::bigint AS agency_id, coalesce(f.rank = 0, false) AS leaves,
               {ORD} AS ord, ({keys}::bigint[])[{ORD}] AS queue_id, nullif(f.rank, 0) AS rank,
               {"coalesce(mine.pool, 0)" if has_teams else "0::bigint"} AS pool
        FROM (
            SELECT s.debtor_id, CASE WHEN {LEAVES} THEN 0::bigint {" ".join(ranks)} END AS rank
            FROM {SCORED if has_score else "debtors_debtorsummary"} s
            WHERE s.agency_id = %(agency)s {narrowed}
            OFFSET '0'
        ) f {POOLS.format(of_contracts=text.of_contracts) if has_teams else ""}
    """
    return Ranking(sql, text.values)
