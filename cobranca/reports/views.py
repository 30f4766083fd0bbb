"""Painéis: boards, the lists behind their figures, and both as files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cobranca.accounts.access import HOUSE_ONLY, actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.reports.board import Board, Chart
from cobranca.reports.boards import KINDS, PERIOD, PERSON, Kind
from cobranca.reports.exporting import check_size, csv_stream, xlsx_file
from cobranca.reports.facts import FACTS, PERSONAL, Fact
from cobranca.reports.filters import Filters
from cobranca.reports.forms import EVERY_FILTER, FilterForm, presets
from cobranca.reports.listing import Asked, all_rows, debtors_seen, list_page, narrowings_of
from cobranca.reports.periods import months_back
from cobranca.reports.personal import own_board
from cobranca.reports.services import note_export

SEES = "accounts.view_dashboards"
WORKS = "dunning.add_contactrecord"
LISTS = ("debtors.view_debtor", "contracts.view_installment")
FILES = ("csv", "xlsx")


@require_GET
@agency_page(SEES)
def home(request: HttpRequest) -> HttpResponse:
    """Show the boards there are; each tells its own sentence when it comes into view."""
    return render(request, "reports/home.html", {"kinds": KINDS.values(), "now": clock.now()})


@require_GET
@agency_page(SEES)
def summary(request: HttpRequest, board: str) -> HttpResponse:
    """Answer the first page with what a board says, without its filters."""
    kind = _kind(board)
    form = _form(request, kind, data={})
    built = kind.build(agency_of(request), form.filters(), clock.now())
    return render(request, "reports/_summary.html", {"kind": kind, "board": built})


@require_GET
@agency_page(SEES)
def board(request: HttpRequest, board: str) -> HttpResponse:
    """Show one board under the filters of its address."""
    kind = _kind(board)
    form = _form(request, kind)
    filters = form.filters()
    built = kind.build(agency_of(request), filters, clock.now())
    context = {"kind": kind, "kinds": KINDS.values(), **_shown(form, filters, built)}
    return render(request, "reports/board.html", context)


@require_GET
@agency_page(WORKS)
def mine(request: HttpRequest) -> HttpResponse:
    """Show whoever asks their own figures."""
    form = _own_form(request)
    filters = form.filters(collector=actor_of(request).pk)
    context = _shown(form, filters, own_board(filters, clock.now()))
    return render(request, "reports/mine.html", context)


@require_GET
@agency_page(SEES)
def board_file(request: HttpRequest, board: str, chart: str, file: str) -> HttpResponse:
    """Answer with one table of a board as a file."""
    kind = _kind(board)
    filters = _form(request, kind).filters()
    found = kind.build(agency_of(request), filters, clock.now()).chart(chart)
    if found is None or file not in FILES:
        raise Http404
    what = f"{kind.title}: {found.title}"
    _note(request, what, file, len(found.lines), filters.query())
    name = f"{kind.slug}-{found.key}-{clock.today():%Y-%m-%d}"
    return _file(name, file, _table_head(found), _table_rows(found))


@require_GET
@agency_page(*LISTS)
def listing(request: HttpRequest, listing: str) -> HttpResponse:
    """Show the rows behind a figure."""
    asked, form = _asked(request, _fact(listing))
    after = request.GET.get("apos", "")
    page = list_page(asked, after)
    context = {
        "fact": asked.fact,
        "asked": asked,
        "form": form,
        "filters": asked.filters,
        "page": page,
        "is_first": not after,
        "narrowed": _narrowed(asked),
        "query": urlencode(_query(asked)),
        "presets": presets(clock.today()),
        "now": clock.now(),
    }
    more = bool(request.htmx) and after  # type: ignore[attr-defined]
    return render(request, f"reports/{'_list_rows' if more else 'list'}.html", context)


@require_GET
@agency_page(*LISTS)
def list_file(request: HttpRequest, listing: str, file: str) -> HttpResponse:
    """Answer with all the rows behind a figure as a file."""
    if file not in FILES:
        raise Http404
    asked, _ = _asked(request, _fact(listing))
    count = list_page(asked, "", size=1).count
    if file == "xlsx":
        try:
            check_size(count)
        except DomainError as error:
            return render(request, "reports/too_long.html", {"error": error}, status=409)
    _note(request, asked.fact.title, file, count, _query(asked))
    name = f"{asked.fact.slug}-{clock.today():%Y-%m-%d}"
    header = [column.label for column in asked.columns]
    return _file(name, file, header, _list_cells(asked))


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _fact(slug: str) -> Fact:
    if slug not in FACTS:
        raise Http404
    return FACTS[slug]


def _form(request: HttpRequest, kind: Kind, data: Any = None) -> FilterForm:
    return FilterForm(
        request.GET if data is None else data,
        agency=agency_of(request),
        on=clock.today(),
        around=kind.period_around,
        asked=kind.filters,
    )


def _own_form(request: HttpRequest, asked: frozenset[str] = frozenset({PERIOD})) -> FilterForm:
    return FilterForm(
        request.GET,
        agency=agency_of(request),
        on=clock.today(),
        around=lambda on: (months_back(on, 2), on),
        asked=asked,
    )


def _asked(request: HttpRequest, fact: Fact) -> tuple[Asked, FilterForm]:
    """Return what is asked of a list; who sees no boards sees their own work only."""
    actor, fixed = actor_of(request), {}
    if not actor.has_perm(SEES):
        if fact.slug not in PERSONAL or not actor.has_perm(WORKS):
            raise PermissionDenied(HOUSE_ONLY if actor.is_outside else "")
        fixed = {"collector": actor.pk}
    asked = EVERY_FILTER - ({PERSON} if fixed or not fact.is_of_people else set())
    form = _own_form(request, frozenset(asked - ({PERIOD} if fact.is_of_now else set())))
    narrowed = narrowings_of(fact, request.GET)
    return Asked(fact, form.filters(**fixed), narrowed, debtors_seen()), form


def _shown(form: FilterForm, filters: Filters, built: Board) -> dict[str, Any]:
    return {
        "form": form,
        "filters": filters,
        "board": built,
        "query": urlencode(filters.query()),
        "presets": presets(filters.on),
    }


def _query(asked: Asked) -> dict[str, str]:
    return {**asked.filters.query(), **asked.narrowed}


def _narrowed(asked: Asked) -> list[dict[str, Any]]:
    query = _query(asked)
    return [
        {
            "name": name,
            "word": word,
            "title": choice.title,
            "label": choice.labels.get(word, word),
            "without": urlencode({key: told for key, told in query.items() if key != name}),
        }
        for name, word in asked.narrowed.items()
        for choice in (asked.fact.choices[name],)
    ]


def _note(request: HttpRequest, what: str, file: str, count: int, query: dict[str, str]) -> None:
    note_export(
        agency=agency_of(request),
        actor=actor_of(request),
        what=what,
        form=file,
        count=count,
        query=query,
    )


def _file(
    name: str, file: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    # Streamed answers are answers, too: only their type is another.
    return cast(HttpResponse, (csv_stream if file == "csv" else xlsx_file)(name, header, rows))


def _table_head(chart: Chart) -> list[str]:
    return [chart.head, *(series.label for series in chart.series)]


def _table_rows(chart: Chart) -> Iterator[list[Any]]:
    for line in [*chart.lines, *([chart.total] if chart.total else [])]:
        yield [line.label, *(line.values.get(series.key) for series in chart.series)]


def _list_cells(asked: Asked) -> Iterator[list[Any]]:
    for row in all_rows(asked):
        yield [row.get(column.key) for column in asked.columns]
