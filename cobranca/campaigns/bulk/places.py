"""Which terms price which row: rules laid out by profile and days late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from cobranca.calc.bulk import TermTable
from cobranca.calc.calendar import effective_due_date
from cobranca.calc.charges import ChargeTerms
from cobranca.calc.money import ZERO
from cobranca.campaigns.bulk.reading import EPOCH, Contracts, Whole
from cobranca.campaigns.rules import CampaignRules, CashRule, choose
from cobranca.campaigns.switches import Switches

# Place 0 charges nothing: not late, or nobody says what to charge (see REFUSED).
NOTHING, REFUSED = 0, -1
FREE = ChargeTerms(ZERO, ZERO)
_FIRST_DAY: date = EPOCH.astype(date)


@dataclass(frozen=True, slots=True)
class Profile:
    """Contracts that the same rules price: all of one creditor, type and branch."""

    creditor_id: int
    campaign: CampaignRules | None
    contract_type: int
    branch: int | None

    def rule(self, delay: int) -> CashRule | None:
        """Return the bracket for a delay in days."""
        if self.campaign is None:
            return None
        return self.campaign.cash_rule(delay, self.contract_type, self.branch)


@dataclass
class Places:
    """The distinct terms in use, numbered."""

    terms: list[ChargeTerms] = field(default_factory=lambda: [FREE])
    fees: list[Decimal] = field(default_factory=lambda: [ZERO])
    _known: dict[tuple[int, bool], int] = field(default_factory=dict)

    def of(self, rule: CashRule, switches: Switches) -> int:
        """Return the place of a bracket's terms."""
        key = (rule.id, switches.interest_on_penalty)
        if key not in self._known:
            self._known[key] = len(self.terms)
            self.terms.append(
                ChargeTerms(rule.penalty_percent, rule.monthly_interest_percent, key[1])
            )
            self.fees.append(rule.fee_percent)
        return self._known[key]

    def table(self) -> TermTable:
        """Return the terms as numbers."""
        return TermTable.of(self.terms, self.fees)


def profiles_of(
    contracts: Contracts, rules: Sequence[CampaignRules]
) -> tuple[list[Profile], NDArray[np.int64]]:
    """Return the distinct profiles, and each contract's."""
    parts = (contracts.creditor, contracts.contract_type, contracts.branch)
    codes = np.zeros(len(contracts.id), np.int64)
    for part in parts:
        values, place = np.unique(part, return_inverse=True)
        _, codes = np.unique(codes * max(1, len(values)) + place, return_inverse=True)
    first = np.unique(codes, return_index=True)[1]
    found = [
        Profile(creditor, choose(rules, creditor, kind, branch or None), kind, branch or None)
        for creditor, kind, branch in zip(*(part[first].tolist() for part in parts), strict=True)
    ]
    return found, codes


def places_by_delay(
    profiles: Iterable[Profile], switches: Mapping[int, Switches], lowest: int, highest: int
) -> tuple[Places, NDArray[np.int32]]:
    """Return the terms in use, and the place of each profile (row) at each delay (column, from
    `lowest` to `highest` days)."""
    places, rows = Places(), []
    for profile in profiles:
        row = np.full(highest - lowest + 1, REFUSED, np.int32)
        row[: max(0, 1 - lowest)] = NOTHING if profile.campaign else REFUSED
        for start, stop, rule in _stretches(profile, max(lowest, 1), highest):
            place = places.of(rule, switches[profile.creditor_id])
            row[start - lowest : stop - lowest + 1] = place
        rows.append(row)
    return places, np.stack(rows) if rows else np.empty((0, 1), np.int32)


def _stretches(profile: Profile, lowest: int, highest: int) -> list[tuple[int, int, CashRule]]:
    """Return the stretches of delays that one bracket serves: brackets begin and end there."""
    cash = profile.campaign.cash if profile.campaign else ()
    starts = {lowest} | {rule.delay_from for rule in cash} | {rule.delay_to + 1 for rule in cash}
    cuts = sorted(start for start in starts if lowest <= start <= highest)
    stops = [*(cut - 1 for cut in cuts[1:]), highest]
    found = [(start, stop, profile.rule(start)) for start, stop in zip(cuts, stops, strict=True)]
    return [(start, stop, rule) for start, stop, rule in found if rule is not None]


def effective_days(due: Whole, state: str, holidays: frozenset[date]) -> Whole:
    """Return the effective due dates (days since EPOCH): each distinct day is looked up once."""
    if not len(due):
        return due
    lowest = int(due.min())
    moved = np.zeros(int(due.max()) - lowest + 1, np.int64)
    moved[due - lowest] = 1
    for place in np.flatnonzero(moved).tolist():
        day = _FIRST_DAY + timedelta(days=lowest + place)
        effective = effective_due_date(day, state, holidays)
        moved[place] = lowest + place + (effective - day).days
    effective_due: Whole = moved[due - lowest]
    return effective_due
