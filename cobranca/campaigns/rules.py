"""The rules in force on a day, read once for everything that is priced with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from cobranca.calc.discounts import Ceilings
from cobranca.calc.indexation import IndexSeries
from cobranca.campaigns.models import Campaign, CashBracket, IndexValue, InstalmentBracket
from cobranca.scheduling.models import Holiday

_SHARED = ("delay_from", "delay_to", "contract_type_ids", "branch_ids")
_CEILINGS = (
    "max_discount_principal",
    "max_discount_penalty",
    "max_discount_interest",
    "max_discount_fee",
)
_CASH = (*_CEILINGS, "penalty_percent", "monthly_interest_percent", "fee_percent")
_INSTALMENT = (*_CEILINGS, "min_down_payment_percent", "monthly_rate_percent")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which contracts something is for; empty means all."""

    contract_types: frozenset[int]
    branches: frozenset[int]

    def match(self, contract_type: int, branch: int | None) -> bool:
        """Tell whether a contract of this type and branch passes."""
        return (not self.contract_types or contract_type in self.contract_types) and (
            not self.branches or branch in self.branches
        )


@dataclass(frozen=True, slots=True)
class CashRule:
    """A bracket à vista as the calculation needs it; percentages as typed."""

    id: int
    delay_from: int
    delay_to: int
    filters: Filters
    ceilings: Ceilings
    penalty_percent: Decimal
    monthly_interest_percent: Decimal
    fee_percent: Decimal

    def __str__(self) -> str:
        return f"{self.delay_from} a {self.delay_to}"


@dataclass(frozen=True, slots=True)
class InstalmentRule:
    """A bracket of the parcelado as the calculation needs it; percentages as typed."""

    id: int
    delay_from: int
    delay_to: int
    filters: Filters
    ceilings: Ceilings
    parts_from: int
    parts_to: int
    allows_down_payment: bool
    min_down_payment_percent: Decimal
    monthly_rate_percent: Decimal

    def __str__(self) -> str:
        return f"{self.delay_from} a {self.delay_to}, {self.parts_from} a {self.parts_to} parcelas"


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """A campaign in force with its brackets, its index and the agency's holidays."""

    id: int
    name: str
    creditor_id: int
    filters: Filters
    early_annual_percent: Decimal
    index: IndexSeries | None
    months_back: int
    cash: Sequence[CashRule]
    instalments: Sequence[InstalmentRule]
    holidays: frozenset[date]

    def cash_rule(self, delay: int, contract_type: int, branch: int | None) -> CashRule | None:
        """Return the bracket à vista for a delay in days; None when there is none."""
        return next(_serving(self.cash, delay, contract_type, branch), None)

    def instalment_rules(
        self, delay: int, contract_type: int, branch: int | None
    ) -> list[InstalmentRule]:
        """Return the brackets of the parcelado for a delay, by number of parcels."""
        return list(_serving(self.instalments, delay, contract_type, branch))


def _serving(rules: Sequence[Any], delay: int, contract_type: int, branch: int | None) -> Any:
    return (
        rule
        for rule in rules
        if rule.delay_from <= delay <= rule.delay_to and rule.filters.match(contract_type, branch)
    )


def campaigns_in_force(creditor_ids: Collection[int], on: date) -> QuerySet[Campaign]:
    """Return the campaigns of creditors that are active and valid on a day, best first."""
    return Campaign.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        creditor__in=creditor_ids,
        is_active=True,
        valid_from__lte=on,
    ).order_by("-priority", "pk")


def rules_of(creditor_ids: Collection[int], on: date) -> list[CampaignRules]:
    """Return everything that prices debts of these creditors on a day, with one query.

    Highest priority first; of equals, the older campaign.
    """
    campaigns = campaigns_in_force(creditor_ids, on).select_related("index")
    return [
        _campaign(row)
        for row in campaigns.annotate(
            cash_rows=_brackets(CashBracket.objects.all(), _CASH),
            instalment_rows=_brackets(
                InstalmentBracket.objects.all(),
                _INSTALMENT,
                ("parts_from", "parts_to", "allows_down_payment"),
            ),
            index_rows=ArraySubquery(
                IndexValue.objects.filter(series=OuterRef("index"))
                .order_by("month")
                .values(told=JSONObject(month="month", value=Cast("value", TextField())))
            ),
            days_off=ArraySubquery(
                Holiday.objects.filter(agency=OuterRef("agency")).order_by("day").values("day")
            ),
        )
    ]


def _brackets(
    brackets: QuerySet[Any], decimals: Iterable[str], others: Iterable[str] = ()
) -> ArraySubquery:
    # Percentages travel as text: JSON numbers would come back as floats.
    told: dict[str, Any] = {name: F(name) for name in ("id", *_SHARED, *others)}
    told |= {name: Cast(name, TextField()) for name in decimals}
    rows = brackets.filter(campaign=OuterRef("pk")).order_by("delay_from", "pk")
    return ArraySubquery(rows.values(told=JSONObject(**told)))


def _campaign(row: Any) -> CampaignRules:
    return CampaignRules(
        id=row.pk,
        name=row.name,
        creditor_id=row.creditor_id,
        filters=Filters(frozenset(row.contract_type_ids), frozenset(row.branch_ids)),
        early_annual_percent=row.early_annual_percent,
        index=_index(row),
        months_back=row.index.months_back if row.index else 1,
        cash=tuple(CashRule(**_bracket(told, _CASH)) for told in row.cash_rows),
        instalments=tuple(
            InstalmentRule(**_bracket(told, _INSTALMENT)) for told in row.instalment_rows
        ),
        holidays=frozenset(row.days_off),
    )


def _index(row: Any) -> IndexSeries | None:
    if row.index is None:
        return None
    values = {date.fromisoformat(told["month"]): Decimal(told["value"]) for told in row.index_rows}
    return IndexSeries(name=row.index.name, kind=row.index.kind, values=values)


def _bracket(told: Mapping[str, Any], decimals: Iterable[str]) -> dict[str, Any]:
    values = dict(told) | {name: Decimal(told[name]) for name in decimals}
    filters = Filters(
        frozenset(values.pop("contract_type_ids")), frozenset(values.pop("branch_ids"))
    )
    ceilings = Ceilings(*(values.pop(name) for name in _CEILINGS))
    return {**values, "filters": filters, "ceilings": ceilings}


def choose(
    rules: Iterable[CampaignRules], creditor_id: int, contract_type: int, branch: int | None
) -> CampaignRules | None:
    """Return the campaign for a contract: the best of its creditor whose filters match."""
    return next(
        (
            each
            for each in rules
            if each.creditor_id == creditor_id and each.filters.match(contract_type, branch)
        ),
        None,
    )
