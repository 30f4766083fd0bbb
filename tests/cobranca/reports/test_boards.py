"""What boards say is what their lists hold, in a number of statements that does not grow."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cobranca.reports import connections
from cobranca.reports.board import Line, change_text
from cobranca.reports.boards import KINDS
from cobranca.reports.boards.integrations import waited
from cobranca.reports.boards.shared import added, ranked
from cobranca.reports.facts import FACTS
from cobranca.reports.facts.flow import RECEIVED_NOTE
from cobranca.reports.filters import Filters
from cobranca.reports.forms import EVERY_FILTER, FilterForm
from cobranca.reports.listing import Asked, list_page, narrowings_of
from cobranca.reports.periods import MONTH, WEEK
from tests.cobranca.reports.books import ON

pytestmark = pytest.mark.usefixtures("in_scope")
AT = datetime(2026, 11, 18, 12, tzinfo=timezone.get_default_timezone())
COUNTED = ("aging", "recuperacao", "promessas", "efetividade", "movimento")
# Statements of each board; recovery reads the period before and two cohorts as well.
STATEMENTS = {
    "aging": 2,
    "recuperacao": 4,
    "promessas": 2,
    "efetividade": 5,
    "movimento": 2,
}


@pytest.fixture
def filters(book) -> Filters:
    return Filters(book.agency.pk, ON, date(2026, 8, 3), date(2026, 11, 30), WEEK)


def listed(url: str, agency) -> tuple[int, Decimal]:
    """What the list at an address adds up to."""
    path, told = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
    fact = FACTS[path.rstrip("/").rsplit("/", 1)[-1]]
    form = FilterForm(told, agency=agency, on=ON, around=lambda on: (on, on), asked=EVERY_FILTER)
    assert not form.errors
    narrowed = narrowings_of(fact, told)
    # Nothing of an address is lost on the way.
    assert set(told) <= set(form.fields) | set(narrowed)
    page = list_page(Asked(fact, form.filters(), narrowed), "")
    return page.count, page.amount


def told_numbers(board):
    """Every number that has a list: where it is, what it says, the list's address."""
    for figure in board.figures:
        if figure.url:
            yield figure.key, figure.value, figure.url
    for chart in board.charts:
        for line in chart.lines:
            for key, url in line.urls.items():
                yield f"{chart.key} {line.label} {key}", line.values[key], url


@pytest.mark.parametrize("slug", COUNTED)
def test_every_number_opens_a_list_that_adds_up_to_it(book, filters, slug):
    board = KINDS[slug].build(book.agency, filters, AT)

    wrong = []
    for where, value, url in told_numbers(board):
        count, amount = listed(url, book.agency)
        if value != (amount if isinstance(value, Decimal) else count):
            wrong.append((where, value, count, amount, url))

    assert not wrong
    assert len(list(told_numbers(board))) > 5


@pytest.mark.parametrize("slug", COUNTED)
def test_tables_add_up_to_their_totals(book, filters, slug):
    board = KINDS[slug].build(book.agency, filters, AT)

    for chart in board.charts:
        if chart.total is None:
            continue
        for key, whole in added(chart.lines).items():
            assert whole is None or whole == chart.total.values[key], (chart.key, key)


@pytest.mark.parametrize("slug", STATEMENTS)
def test_a_board_takes_as_many_statements_for_nothing_as_for_a_book(
    book, filters, other_agency, slug
):
    for agency in (book.agency, other_agency):
        with CaptureQueriesContext(connection) as statements:
            KINDS[slug].build(agency, replace(filters, agency=agency.pk), AT)

        assert len(statements) == STATEMENTS[slug]


def test_lines_beyond_the_most_are_one_that_keeps_the_sum():
    lines = [Line(str(n), f"{n:02}", {"count": n, "rate": Decimal(1)}) for n in range(30)]

    shown = ranked(lines, "count", most=5)

    assert [line.label for line in shown] == ["29", "28", "27", "26", "Outros 26"]
    assert added(shown)["count"] == sum(range(30))
    assert shown[-1].values["rate"] is None


def test_a_period_without_anything_says_so_on_every_board(agency):
    empty = Filters(agency.pk, ON, date(2020, 1, 1), date(2020, 3, 1), MONTH)

    for slug in COUNTED:
        board = KINDS[slug].build(agency, empty, AT)
        assert board.says.startswith(("Nad", "Nenhum", "De 01/01/2020 a 01/03/2020 nada"))
        assert all(chart.is_empty for chart in board.charts)
        assert all(chart.says for chart in board.charts)


def test_the_evidence_of_a_batimento_is_spelled_as_the_mirror_spells_it():
    from cobranca.contracts.mirror import recalls

    assert recalls._RECEIVED == RECEIVED_NOTE


def test_without_integrations_their_board_has_nothing_to_tell(agency, filters, monkeypatch):
    monkeypatch.setattr(connections, "_providers", [])

    board = KINDS["integracoes"].build(agency, filters, AT)

    assert board.says == "Nenhum credor com integração ativa."


@pytest.mark.parametrize(
    ("minutes", "said"), [(24, "24 min"), (185, "3 h 05 min"), (1440, "1 dia"), (5000, "3 dias")]
)
def test_what_waits_is_told_in_hours_and_days_not_in_tenths(minutes, said):
    assert waited(timedelta(minutes=minutes)) == said


def test_nothing_before_to_compare_with_is_said_whole():
    said = change_text(Decimal(10), Decimal(0), "nos 83 dias anteriores")

    assert said == "sem valor nos 83 dias anteriores para comparar"


def test_no_collector_is_called_the_best_of_promises_without_an_end(book):
    ahead = Filters(book.agency.pk, ON, date(2020, 1, 1), date(2030, 1, 1), MONTH)
    chart = {c.key: c for c in KINDS["promessas"].build(book.agency, ahead, AT).charts}[
        "collectors"
    ]

    assert chart.lines
    assert chart.says != "Nenhuma promessa no período."
