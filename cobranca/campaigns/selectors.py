"""Reading campaigns and indices as they are set up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from cobranca.accounts.models import Agency
from cobranca.campaigns.models import CashBracket, IndexSeries, IndexValue
from cobranca.campaigns.rules import campaigns_in_force
from cobranca.creditors.models import Branch, ContractType, Creditor

Choices = list[tuple[int, str]]


def contract_types_for(creditor: Creditor) -> QuerySet[ContractType]:
    """Return the contract types that contracts of a creditor may be of."""
    return ContractType.objects.filter(
        agency=creditor.agency_id, creditor_type__in=("", creditor.creditor_type)
    )


def branches_for(creditor: Creditor) -> QuerySet[Branch]:
    """Return the branches that contracts of a creditor may be of."""
    return Branch.objects.filter(creditor=creditor)


@dataclass(frozen=True)
class FilterChoices:
    """What the filters of a creditor's campaign and brackets offer."""

    contract_type_ids: Choices
    branch_ids: Choices

    def of(self, name: str) -> Choices:
        """Return the choices of one filter."""
        return self.contract_type_ids if name == "contract_type_ids" else self.branch_ids

    def labels(self, name: str, ids: Sequence[int]) -> str:
        """Return the names of chosen rows; "Todos" when nothing is filtered."""
        known = dict(self.of(name))
        return ", ".join(known.get(pk, f"nº {pk}") for pk in ids) or "Todos"


NO_CHOICES = FilterChoices([], [])


def filter_choices(creditor: Creditor | None) -> FilterChoices:
    """Return the filters to offer for a creditor; nothing before one is chosen."""
    if creditor is None:
        return NO_CHOICES
    return FilterChoices(
        [(row.pk, str(row)) for row in contract_types_for(creditor)],
        [(row.pk, str(row)) for row in branches_for(creditor)],
    )


def creditors_without_campaign(agency: Agency, on: date) -> QuerySet[Creditor]:
    """Return the active creditors that nothing can be calculated for on a day."""
    active = Creditor.objects.filter(agency=agency, is_active=True)
    charging = Exists(CashBracket.objects.filter(campaign=OuterRef("pk")))
    served = (
        campaigns_in_force(list(active.values_list("pk", flat=True)), on)
        .filter(charging)
        .values("creditor")
    )
    return active.exclude(pk__in=served.order_by())


def series_with_extent(agency: Agency) -> QuerySet[IndexSeries]:
    """Return the agency's indices with how many months they hold (`months`) and the last one."""
    found = IndexSeries.objects.filter(agency=agency)
    return found.annotate(months=Count("values"), last_month=Max("values__month"))


def stored_values(series: IndexSeries, months: Iterable[date]) -> dict[date, Decimal]:
    """Return what an index has for some months."""
    found = IndexValue.objects.filter(series=series, month__in=list(months))
    return dict(found.values_list("month", "value"))


def latest_values(series: IndexSeries, number: int = 24) -> list[IndexValue]:
    """Return the newest values of an index, newest first."""
    return list(IndexValue.objects.filter(series=series).order_by("-month")[:number])
