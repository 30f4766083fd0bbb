"""Rules and rows brought together: charges and fees of a portfolio as columns of centavos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cobranca.accounts.models import Agency
from cobranca.calc import bulk as calc
from cobranca.campaigns.bulk import exact
from cobranca.campaigns.bulk.places import (
    REFUSED,
    Profile,
    effective_days,
    places_by_delay,
    profiles_of,
)
from cobranca.campaigns.bulk.reading import EPOCH, Contracts, Installments, Whole, read
from cobranca.campaigns.rules import CampaignRules, rules_of
from cobranca.campaigns.switches import switches_of
from cobranca.creditors.models import Creditor

# Room for a row's number and contract in the one number that sorts rows as the desk does.
_NUMBER_BITS, _CONTRACT_BITS = 20, 26


class DebtorTotals(NamedTuple):
    """What one debtor owes one creditor on the day, in reais."""

    debtor_id: int
    creditor_id: int
    installments: int
    principal: Decimal
    penalty: Decimal
    interest: Decimal
    fee: Decimal

    @property
    def updated(self) -> Decimal:
        return self.principal + self.penalty + self.interest + self.fee


@dataclass(frozen=True, slots=True)
class BulkQuote:
    """A priced portfolio: one element a row, money in centavos, before discounts.

    `group` is the place of a row's debtor and creditor in the columns of totals. `refused` are the
    ids of installments that no campaign or bracket prices: they are in no figure.
    """

    id: Whole
    group: Whole
    days_late: Whole
    original: Whole
    correction: Whole
    penalty: Whole
    interest: Whole
    fee: Whole
    debtor: Whole
    creditor: Whole
    refused: Whole

    def group_totals(self) -> tuple[Whole, ...]:
        """Return sums, an element a group: installments, principal, multa, juros, fee."""
        principal = self.original + self.correction
        parts = (np.ones(len(self.id), np.int64), principal, self.penalty, self.interest, self.fee)
        return tuple(calc.sums(part, self.group, len(self.debtor)) for part in parts)

    def totals(self) -> Iterator[DebtorTotals]:
        """Yield what each debtor owes each creditor."""
        columns = (self.debtor, self.creditor, *self.group_totals())
        for debtor, creditor, count, *money in zip(*(c.tolist() for c in columns), strict=True):
            reais = (Decimal(cents).scaleb(-2) for cents in money)
            yield DebtorTotals(debtor, creditor, count, *reais)


def bulk_quote(
    *, agency: Agency, on: date, creditors: Sequence[Creditor] | None = None
) -> BulkQuote:
    """Price every open installment of an agency, or of some of its creditors, on a day.

    What each is charged is what the desk charges for it; discounts and early payment are not for a
    whole portfolio. Nothing is saved. Raises CalcError when an index lacks a month.
    """
    chosen = list(Creditor.objects.filter(agency=agency)) if creditors is None else list(creditors)
    ids = [creditor.pk for creditor in chosen]
    contracts, rows = read(agency.pk, ids, all_of_agency=creditors is None)
    return Portfolio(chosen, contracts, rules_of(ids, on), on).priced(rows)


class Portfolio:
    """One pricing under way: contracts, and the rules that price them."""

    def __init__(
        self,
        creditors: Sequence[Creditor],
        contracts: Contracts,
        rules: Sequence[CampaignRules],
        on: date,
    ) -> None:
        self.contracts = contracts
        self.on = on
        self.switches = switches_of(creditors)
        self.erp = exact.erp_rows(contracts.id, on)
        self.credits = exact.credits_of(self.erp) if self.erp else {}
        self.profiles, self.profile_of = profiles_of(contracts, rules)
        self._states = {each.pk: each.state for each in creditors}

    def priced(self, told: Installments) -> BulkQuote:
        """Return the installments told, priced."""
        delay = self._delay(told)
        lowest, highest = int(delay.min(initial=0)), int(delay.max(initial=0))
        places, by_delay = places_by_delay(self.profiles, self.switches, lowest, highest)
        place = by_delay[self.profile_of[told.contract], delay - lowest]
        kept = place != REFUSED
        rows, late = told, np.maximum(delay, 0)
        if not kept.all():
            rows, late, place = told.where(kept), late[kept], place[kept]
        made, odd = self._by_columns(rows, late, place, places.table(), told.id[~kept])
        if len(odd):
            exact.price(self, rows, made, odd)
        return made

    def _by_columns(
        self,
        rows: Installments,
        late: Whole,
        place: NDArray[np.int32],
        table: calc.TermTable,
        refused: Whole,
    ) -> tuple[BulkQuote, Whole]:
        """Price all rows at once; returns besides the rows that must be priced one by one."""
        group, debtor, creditor = self._groups(rows)
        odd = exact.odd_contracts(self)[rows.contract] | ~calc.fits(rows.owed, late, place, table)
        by_one = np.flatnonzero((calc.sums(odd.astype(np.int64), group, len(debtor)) > 0)[group])
        owed = rows.owed
        if len(by_one):
            owed = owed.copy()
            owed[by_one] = 0
        charges = calc.late_charges(owed, late, place, table)
        numerators = (owed + charges.penalty + charges.interest) * table.fee[place]
        fees = calc.collection_fees(numerators, table.fee_over, group, len(debtor), self.rank(rows))
        made = BulkQuote(
            id=rows.id,
            group=group,
            days_late=late,
            original=owed,
            correction=np.zeros(len(rows.id), np.int64),
            penalty=charges.penalty,
            interest=charges.interest,
            fee=fees.fee,
            debtor=debtor,
            creditor=creditor,
            refused=refused,
        )
        return made, by_one

    def _delay(self, rows: Installments) -> Whole:
        """Return days from each effective due date; most portfolios have one calendar."""
        today = int((np.datetime64(self.on) - EPOCH).astype(np.int64))
        calendars = [self._calendar(each) for each in self.profiles]
        effective = np.empty_like(rows.due)
        for calendar in set(calendars):
            if len(set(calendars)) == 1:
                return today - effective_days(rows.due, *calendar)
            of_profile = np.array([each == calendar for each in calendars])
            members = of_profile[self.profile_of[rows.contract]]
            effective[members] = effective_days(rows.due[members], *calendar)
        return today - effective

    def _calendar(self, profile: Profile) -> tuple[str, frozenset[date]]:
        holidays = profile.campaign.holidays if profile.campaign else frozenset()
        return self._states[profile.creditor_id], holidays

    def _groups(self, rows: Installments) -> tuple[Whole, Whole, Whole]:
        """Return each row's group, and the debtor and creditor of each group."""
        creditors = np.unique(self.contracts.creditor)
        which = np.searchsorted(creditors, self.contracts.creditor)
        keys, group = np.unique(
            self.contracts.debtor * max(1, len(creditors)) + which, return_inverse=True
        )
        used = np.zeros(len(keys), np.bool_)
        of_rows = group[rows.contract]
        used[of_rows] = True
        renumbered = np.cumsum(used) - 1
        kept = keys[used]
        debtor, place = np.divmod(kept, max(1, len(creditors)))
        return renumbered[of_rows], debtor, creditors[place] if len(kept) else kept

    def rank(self, rows: Installments) -> Whole:
        """Return one number a row that sorts rows as the desk does: due, contract, number."""
        contract_room = len(self.contracts.id) < 1 << _CONTRACT_BITS
        if contract_room and int(rows.number.max(initial=0)) < 1 << _NUMBER_BITS:
            day = rows.due - rows.due.min(initial=0)
            high = (day << _CONTRACT_BITS) | rows.contract
            return (high << _NUMBER_BITS) | rows.number
        rank = np.empty(len(rows.id), np.int64)
        rank[np.lexsort((rows.number, rows.contract, rows.due))] = np.arange(len(rows.id))
        return rank
