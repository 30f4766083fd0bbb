"""Rows that columns of 64-bit numbers cannot price: done one by one, as the desk does.

They are those that an index corrects, those whose ERP told the figures of this very day, and
amounts so large that a product would not fit. A debtor's fee is one sum, so the whole group goes
this way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cobranca.calc.charges import Charges, late_charges
from cobranca.calc.fee import collection_fees
from cobranca.calc.indexation import Indexer, IndexTerms
from cobranca.calc.money import ZERO
from cobranca.campaigns.bulk.reading import EPOCH, Installments, Whole
from cobranca.campaigns.items import ErpRow, terms_of
from cobranca.campaigns.pricing import balances_on

if TYPE_CHECKING:
    from cobranca.campaigns.bulk.places import Profile
    from cobranca.campaigns.bulk.pricing import BulkQuote, Portfolio

_FIRST_DAY: date = EPOCH.astype(date)


def odd_contracts(portfolio: "Portfolio") -> NDArray[np.bool_]:
    """Tell of each contract whether its rows must be priced one by one."""
    by_index = np.array(
        [bool(p.campaign and p.campaign.index) for p in portfolio.profiles], np.bool_
    )
    told = np.array(sorted({contract for contract, _ in portfolio.erp}), np.int64)
    return by_index[portfolio.profile_of] | np.isin(portfolio.contracts.id, told)


def erp_rows(portfolio_contracts: Whole, on: date) -> dict[tuple[int, int], ErpRow]:
    """Return what ERPs told of a day, by contract and installment number."""
    told = balances_on(on)
    if not told:
        return {}
    known = set(portfolio_contracts.tolist())
    return {key: row for key, row in told.items() if key[0] in known}


@dataclass(frozen=True, slots=True)
class _Priced:
    original: Decimal
    correction: Decimal
    charges: Charges
    fee_percent: Decimal

    @property
    def updated(self) -> Decimal:
        return self.original + self.correction + self.charges.total


def price(portfolio: "Portfolio", rows: Installments, made: "BulkQuote", places: Whole) -> None:
    """Price the rows at `places` of `made` and write their figures there."""
    pricer = _Pricer(portfolio, rows, made.days_late)
    ordered = places[np.lexsort((portfolio.rank(rows)[places], made.group[places]))].tolist()
    groups = made.group
    for _, members in groupby(ordered, key=lambda place: int(groups[place])):
        _price_group(pricer, made, list(members))


def _price_group(pricer: "_Pricer", made: "BulkQuote", places: list[int]) -> None:
    priced = [pricer.row(place) for place in places]
    late = [int(made.days_late[place]) > 0 for place in places]
    bases = [each.updated if is_late else ZERO for each, is_late in zip(priced, late, strict=True)]
    fees = collection_fees(bases, [each.fee_percent for each in priced])
    for place, each, fee in zip(places, priced, fees, strict=True):
        made.original[place] = _cents(each.original)
        made.correction[place] = _cents(each.correction)
        made.penalty[place] = _cents(each.charges.penalty)
        made.interest[place] = _cents(each.charges.interest)
        made.fee[place] = _cents(fee)


class _Pricer:
    """Prices one row; what rows of a campaign have in common is worked out once."""

    def __init__(self, portfolio: "Portfolio", rows: Installments, days_late: Whole) -> None:
        self._portfolio = portfolio
        self._rows = rows
        self._days_late = days_late
        self._indexers: dict[tuple[int, bool], Indexer] = {}

    def row(self, place: int) -> _Priced:
        """Return the figures of one row."""
        portfolio, rows, days = self._portfolio, self._rows, int(self._days_late[place])
        contract = int(rows.contract[place])
        profile: Profile = portfolio.profiles[int(portfolio.profile_of[contract])]
        rule = profile.rule(days) if days > 0 else None
        key = (int(portfolio.contracts.id[contract]), int(rows.number[place]))
        owed = Decimal(int(rows.owed[place])).scaleb(-2)
        told = portfolio.erp.get(key)
        original = owed if told is None else self._told_original(told, place)
        correction = self._correction(profile, told, owed, place)
        if told is not None and told.has_late_terms:
            charges = Charges(ZERO, told.charges)
        else:
            switches = portfolio.switches[profile.creditor_id]
            terms = terms_of(rule, switches) if rule else None
            charges = late_charges(original + correction, days, terms) if terms else Charges()
        return _Priced(original, correction, charges, rule.fee_percent if rule else ZERO)

    def _told_original(self, told: ErpRow, place: int) -> Decimal:
        credit = self._portfolio.credits.get(int(self._rows.id[place]), ZERO)
        return max(told.original - credit, ZERO)

    def _correction(
        self, profile: "Profile", told: ErpRow | None, owed: Decimal, place: int
    ) -> Decimal:
        if told is not None:
            return told.correction
        campaign = profile.campaign
        if campaign is None or campaign.index is None or int(self._days_late[place]) == 0:
            return ZERO
        annual = self._portfolio.switches[profile.creditor_id].annual_correction
        key = (campaign.id, annual)
        if key not in self._indexers:
            terms = IndexTerms(campaign.index, campaign.months_back, annual)
            self._indexers[key] = Indexer(terms, self._portfolio.on)
        due = _FIRST_DAY + timedelta(days=int(self._rows.due[place]))
        return self._indexers[key].correction(owed, due)


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def credits_of(told: Mapping[tuple[int, int], ErpRow]) -> dict[int, Decimal]:
    """Return the office's credits of installments in contracts whose ERP told figures."""
    from cobranca.contracts.models import Installment

    contracts = {contract for contract, _ in told}
    found = Installment.objects.filter(contract__in=contracts, credit__gt=0)
    return dict(found.values_list("pk", "credit"))
