"""Figures are what one gets by counting the rows one by one."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranca.accounts.models import Agency
from cobranca.reports.facts import FACTS
from cobranca.reports.filters import Filters
from cobranca.reports.listing import Asked, all_rows, list_page
from cobranca.reports.periods import MONTH, WEEK, truncated
from cobranca.reports.reading import groups
from tests.cobranca.reports.books import ON, Book, make_book
from tests.cobranca.reports.counting import Counter, Row

pytestmark = pytest.mark.usefixtures("in_scope")

# Fact → how Python counts it, and what boards group it by.
COUNTED: dict[str, tuple[Callable[[Counter], Iterable[Row]], tuple[str, ...]]] = {
    "parcelas-em-aberto": (Counter.open, ("band", "creditor_id", "branch_id")),
    "vencidas-no-periodo": (Counter.due, ("bucket",)),
    "recebimentos": (
        Counter.receipts,
        ("bucket", "origin", "creditor_id", "branch_id", "collector_id", "channel"),
    ),
    "acordos-feitos": (Counter.agreements, ("collector_id", "channel")),
    "acionamentos": (Counter.contacts, ("bucket", "collector_id", "channel", "effective")),
    "promessas": (Counter.promises, ("bucket", "collector_id", "status", "channel")),
    "promessas-feitas": (
        lambda counter: counter.promises(made=True),
        ("bucket", "collector_id", "channel"),
    ),
    "entradas-e-saidas": (Counter.flow, ("bucket", "way", "move")),
}


def counted(rows: Iterable[Row], by: tuple[str, ...], step: str, amount: str) -> dict[Any, Any]:
    found: dict[Any, Any] = defaultdict(lambda: (0, Decimal(0)))
    for row in rows:
        key = tuple(truncated(row["day"], step) if name == "bucket" else row[name] for name in by)
        count, total = found[key]
        found[key] = (count + 1, total + row.get(amount, 0))
    return dict(found)


def some_filters(book: Book, draw: st.DataObject) -> Filters:
    start = ON - timedelta(days=draw.draw(st.integers(0, 120)))
    maybe = lambda rows: draw.draw(st.sampled_from([None, None, *rows]))  # noqa: E731
    return Filters(
        agency=book.agency.pk,
        on=ON,
        start=start,
        end=start + timedelta(days=draw.draw(st.integers(0, 150))),
        step=draw.draw(st.sampled_from([WEEK, MONTH])),
        creditor=maybe([row.pk for row in book.creditors]),
        branch=maybe([0, *(row.pk for row in book.branches)]),
        team=maybe([row.pk for row in book.teams]),
        collector=maybe([0, *(row.pk for row in book.collectors)]),
    )


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_every_figure_equals_a_count_by_hand(agency: Agency, seed: int, data: st.DataObject):
    with transaction.atomic():
        book = make_book(agency, seed)
        for filters in (some_filters(book, data), some_filters(book, data)):
            for slug, (count, by) in COUNTED.items():
                rows = list(count(Counter(book, filters)))
                for amount in ("amount", "received")[: 1 + (slug == "vencidas-no-periodo")]:
                    told = groups(FACTS[slug], filters, *by, amount=amount)

                    by_sql = {tuple(g[name] for name in by): (g.count, g.amount) for g in told}
                    assert by_sql == counted(rows, by, filters.step, amount), slug
        transaction.set_rollback(True)


@pytest.fixture
def everything(book: Book) -> Filters:
    return Filters(book.agency.pk, ON, date(2026, 1, 1), date(2026, 12, 31), MONTH)


@pytest.mark.parametrize("slug", COUNTED)
def test_a_list_pages_through_each_row_once_and_adds_up_to_its_figure(book, everything, slug):
    fact = FACTS[slug]
    asked = Asked(fact, everything, {})
    figure = groups(fact, everything)[0]

    rows, after, pages = [], "", 0
    while pages == 0 or after:
        page = list_page(asked, after, size=1)
        rows, after, pages = rows + page.rows, page.after, pages + 1

    assert pages > 1
    assert (page.count, page.amount) == (figure.count, figure.amount)
    assert len(rows) == len({row["key"] for row in rows}) == figure.count
    assert sum((row["amount"] or 0 for row in rows), Decimal(0)) == figure.amount
    assert [row["key"] for row in all_rows(asked)] == [row["key"] for row in rows]
    order = [(row["day"], row["key"]) for row in rows]
    assert order == sorted(order, reverse=fact.newest_first)


def test_another_agencys_rows_are_in_no_figure(book, everything, other_agency):
    foreign = replace(everything, agency=other_agency.pk)

    assert [groups(fact, foreign)[0].count for fact in FACTS.values()] == [0] * len(FACTS)
