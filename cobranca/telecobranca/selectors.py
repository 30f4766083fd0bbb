"""What the desk's pages show, in few queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404

from cobranca.agreements.models import Agreement
from cobranca.agreements.selectors import agreement_detail
from cobranca.common.errors import NotFoundError
from cobranca.contracts.freshness import freshness_of
from cobranca.contracts.models import Contract
from cobranca.contracts.selectors import (
    InstallmentRow,
    contracts_of,
    current_installments,
    finished_contracts,
)
from cobranca.contracts.states import ContractStatus
from cobranca.contracts.timeline import TimelineFilter, TimelinePage, timeline_of
from cobranca.debtors.contacts import PHONE, Contact
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.debtors.selectors import contacts_of, count_of, debtors_with_counts
from cobranca.telecobranca.search import exact_query, prefix_query

PAGE_SIZE = 25
NUMBERS_SHOWN = 3
AMOUNT_DIGITS = 20


@dataclass(frozen=True)
class SearchPage:
    """Found debtors (summaries with their debtor) and where the next page begins."""

    rows: list[DebtorSummary]
    after: str


def search_debtors(text: str, after: str = "", size: int = PAGE_SIZE) -> SearchPage:
    """Return debtors that have everything typed: exact finds, then the largest debts, first.

    With nothing typed: those who owe, the oldest debt first.
    """
    if not text.strip():
        return _oldest_first(after, size)
    prefix, exact = prefix_query(text), exact_query(text)
    if prefix is None or exact is None:
        return SearchPage([], "")
    found = _shown_in_lists(DebtorSummary.objects.filter(search=prefix)).annotate(
        exact=ExpressionWrapper(Q(search=exact), output_field=BooleanField())
    )
    if (place := _place(after)) is not None:
        found = found.filter(_beyond(*place))
    rows = list(found.order_by("-exact", "-open_total", "debtor_id")[: size + 1])
    return _page(rows, size, lambda row: f"{int(row.exact)}_{row.open_total}_{row.pk}")


def _oldest_first(after: str, size: int) -> SearchPage:
    owing = _shown_in_lists(DebtorSummary.objects.filter(oldest_due_date__isnull=False))
    day, _, pk = after.partition("_")
    try:
        due, debtor = date.fromisoformat(day), int(pk)
        owing = owing.filter(Q(oldest_due_date__gt=due) | Q(oldest_due_date=due, debtor__gt=debtor))
    except ValueError:
        pass  # the first page, or nonsense from outside
    rows = list(owing.order_by("oldest_due_date", "debtor_id")[: size + 1])
    return _page(rows, size, lambda row: f"{row.oldest_due_date}_{row.pk}")


def _shown_in_lists(summaries: QuerySet[DebtorSummary]) -> QuerySet[DebtorSummary]:
    """Read along the name, the document and the first contracts; never the search column."""
    contracts = Contract.objects.filter(
        debtor=OuterRef("debtor_id"), status=ContractStatus.ACTIVE
    ).order_by("number")
    return (
        summaries.select_related("debtor")
        .only("open_total", "contract_count", "oldest_due_date", "debtor__name", "debtor__document")
        .annotate(contract_numbers=ArraySubquery(contracts.values("number")[:NUMBERS_SHOWN]))
    )


def _page(rows: Sequence[Any], size: int, place: Callable[[Any], str]) -> SearchPage:
    shown = list(rows[:size])
    return SearchPage(shown, place(shown[-1]) if len(rows) > size else "")


def _place(after: str) -> tuple[bool, Decimal, int] | None:
    try:
        exact, shown, pk = after.split("_")
        total = Decimal(shown)
        # Neither NaN nor a number that PostgreSQL could not hold.
        is_amount = total.is_finite() and abs(total.adjusted()) < AMOUNT_DIGITS
        return (exact == "1", total, int(pk)) if is_amount else None
    except (ValueError, InvalidOperation):
        return None


def _beyond(exact: bool, total: Decimal, pk: int) -> Q:
    here = Q(exact=exact)
    further = here & (Q(open_total__lt=total) | Q(open_total=total, debtor__gt=pk))
    return further | Q(exact=False) if exact else further


@dataclass(frozen=True)
class Desk:
    """Everything the debtor page shows at once."""

    debtor: Any
    phones: list[Contact]
    contracts: list[Any]
    installments: dict[int, list[InstallmentRow]]
    timeline: TimelinePage
    loaded_at: datetime | None
    on: date

    @property
    def has_letters(self) -> bool:
        return any(row.letters for rows in self.installments.values() for row in rows)


def desk_of(debtor_id: int, on: date) -> Desk:
    """Read a debtor's page; 404 when the agency has no such debtor.

    One query each: debtor with counts, phones, contracts with totals, installments due,
    timeline, age of the creditors' loads.
    """
    finished = count_of(finished_contracts())
    debtors = debtors_with_counts().annotate(
        finished_count=finished,
        products_count=count_of(Contract.objects.all()),
        agreements_count=count_of(Agreement.objects.all()),
    )
    debtor = found_or_404(debtors, debtor_id)
    contracts = contracts_of(debtor_id, ContractStatus.ACTIVE, on)
    return Desk(
        debtor=debtor,
        phones=contacts_of(debtor, PHONE),
        contracts=contracts,
        installments=current_installments([contract.pk for contract in contracts], on),
        timeline=timeline_of(debtor_id, TimelineFilter()),
        loaded_at=_oldest_load({contract.creditor_id for contract in contracts}),
        on=on,
    )


def _oldest_load(creditor_ids: set[int]) -> datetime | None:
    """Return when the stalest of these creditors was loaded; None when one never was."""
    loads = freshness_of(creditor_ids)
    return min(loads.values()) if loads and set(loads) >= creditor_ids else None


def debtor_or_404(debtor_id: int) -> Debtor:
    """Return the agency's debtor; 404 for another's."""
    return found_or_404(Debtor.objects.all(), debtor_id)


def contract_or_404(contract_id: int) -> Contract:
    """Return the agency's contract; 404 for another's."""
    return found_or_404(Contract.objects.all(), contract_id)


def agreement_or_404(agreement_id: int) -> Agreement:
    """Return the agency's agreement with all its parts; 404 for another's."""
    try:
        return agreement_detail(agreement_id)
    except NotFoundError as error:
        raise Http404 from error


def found_or_404(rows: QuerySet[Any], pk: int) -> Any:
    """Return one row of the scope, or answer that there is none."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
