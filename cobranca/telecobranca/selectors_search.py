"""Finding debtors by what a collector types, and those who have owed longest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet
from django_scopes import get_scope

from cobranca.common.prepared import ask
from cobranca.contracts.models import Contract
from cobranca.contracts.states import ContractStatus
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.debtors.sight import seen
from cobranca.telecobranca.search import Typed, exact_query, prefix_query, typed

PAGE_SIZE = 25
NUMBERS_SHOWN = 3
AMOUNT_DIGITS = 20

# Exact finds, the total and the key of the last debtor of the page before.
Place = tuple[bool, Decimal, int]
START: Place = (True, Decimal("Infinity"), 0)

# A function of the database (migration 0007): planned once a connection.
SEARCH = """
SELECT * FROM telecobranca_search(
    %s, %s::text::tsquery, %s::text::tsquery, %s, %s::int, %s, %s::numeric, %s
)
"""
# What it tells of each, in the order of the models' fields.
SUMMARY = ["debtor_id", "open_total", "contract_count", "oldest_due_date"]
DEBTOR = ["id", "document", "name"]


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
    wanted = typed(text)
    if wanted is None:
        return SearchPage([], "")
    every = DebtorSummary.objects.all()
    theirs = seen(every, "debtor")
    # Everybody's are found by a function; those of an external office, among them alone.
    rows: list[Any] = (
        _found(wanted, _place(after) or START, size + 1)
        if theirs is every
        else _found_among(theirs, text, _place(after), size + 1)
    )
    return _page(rows, size, lambda row: f"{int(row.exact)}_{row.open_total}_{row.pk}")


def _found(wanted: Typed, place: Place, most: int) -> list[DebtorSummary]:
    agency = get_scope()["agency"].pk
    told = ask(SEARCH, agency, wanted.prefix, wanted.exact, wanted.bits, most, *place)
    return [_row(*row) for row in told]


def _row(debtor: int, name: str, document: str, *told: Any) -> DebtorSummary:
    *figures, numbers, exact = told
    row: Any = DebtorSummary.from_db("default", SUMMARY, [debtor, *figures])
    row.debtor = Debtor.from_db("default", DEBTOR, [debtor, document, name])
    row.contract_numbers, row.exact = numbers, exact
    return row


def _found_among(
    summaries: QuerySet[DebtorSummary], text: str, place: Place | None, most: int
) -> list[DebtorSummary]:
    """Return what telecobranca_search would, of these alone."""
    exact = ExpressionWrapper(Q(search=exact_query(text)), output_field=BooleanField())
    found = _shown(summaries.filter(search=prefix_query(text))).annotate(exact=exact)
    if place is not None:
        found = found.filter(_beyond(*place))
    return list(found.order_by("-exact", "-open_total", "debtor_id")[:most])


def _oldest_first(after: str, size: int) -> SearchPage:
    owing = shown_in_lists(DebtorSummary.objects.filter(oldest_due_date__isnull=False))
    day, _, pk = after.partition("_")
    try:
        due, debtor = date.fromisoformat(day), int(pk)
        owing = owing.filter(Q(oldest_due_date__gt=due) | Q(oldest_due_date=due, debtor__gt=debtor))
    except ValueError:
        pass  # the first page, or nonsense from outside
    rows = list(owing.order_by("oldest_due_date", "debtor_id")[: size + 1])
    return _page(rows, size, lambda row: f"{row.oldest_due_date}_{row.pk}")


def shown_in_lists(summaries: QuerySet[DebtorSummary]) -> QuerySet[DebtorSummary]:
    """Read along the name, the document and the first contracts; never the search column."""
    return _shown(seen(summaries, "debtor"))


def _shown(summaries: QuerySet[DebtorSummary]) -> QuerySet[DebtorSummary]:
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


def _place(after: str) -> Place | None:
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
