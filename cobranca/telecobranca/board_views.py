"""Equipe › Quadro ao vivo: the whole team at a glance, refreshed by itself."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.common.paging import LongListPaginator
from cobranca.telecobranca.board import board_of
from cobranca.telecobranca.board_lists import LISTS, Asked
from cobranca.telecobranca.distribution import office_of
from cobranca.telecobranca.selectors import debtor_or_404
from cobranca.telecobranca.services.holds import take_back

SEES = "accounts.view_board"
TAKES = "telecobranca.change_queuedraw"
PAGE_SIZE = 50
LONGEST_KEY = 18


@require_GET
@agency_page(SEES)
def board(request: HttpRequest) -> HttpResponse:
    """Show the board; asked by htmx, answer only the part that changes."""
    now = clock.now()
    office = office_of(actor_of(request))
    found = board_of(agency_of(request).pk, clock.today(), now, office)
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "_board.html" if is_part else "board.html"
    context = {"board": found, "now": now, "may_take": request.user.has_perm(TAKES)}
    context["is_office"] = office is not None
    return render(request, f"telecobranca/teams/{template}", context)


@require_GET
@agency_page(SEES, "debtors.view_debtor")
def board_list(request: HttpRequest, figure: str) -> HttpResponse:
    """Show the rows behind a figure, a page at a time."""
    if figure not in LISTS:
        raise Http404
    asked, shown = _asked(request, clock.now()), LISTS[figure]
    rows = LongListPaginator(shown.rows(asked), PAGE_SIZE)
    page = rows.get_page(request.GET.get("pagina", "1")[:6])
    context = {
        "listing": shown,
        "rows": [shown.show(row) for row in page],
        "page": page,
        "now": asked.at,
        "is_office": asked.office is not None,
    }
    return render(request, "telecobranca/teams/board_list.html", context)


def _asked(request: HttpRequest, now: datetime) -> Asked:
    return Asked(
        on=clock.office_date(now),
        at=now,
        person=_key(request, "cobrador"),
        team=_key(request, "equipe"),
        queue=_key(request, "fila"),
        office=office_of(actor_of(request)),
    )


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


@require_POST
@agency_page(SEES, TAKES)
def take(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Give a debtor that somebody holds back to the queue."""
    found = debtor_or_404(debtor_id)
    try:
        holder = take_back(debtor=found, actor=actor_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{found} voltou à fila; estava com {holder}.")
    return redirect("telecobranca:board")
