"""The top bar's own answers: asked once a page by htmx, so that pages pay nothing for them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.telecobranca.bar import lines_of, standing_at_large, standing_of
from cobranca.telecobranca.recent import recent_debtors
from cobranca.telecobranca.selectors import debtor_or_404
from cobranca.telecobranca.selectors_queue import queue_size
from cobranca.telecobranca.selectors_search import search_debtors

QUICK_SIZE = 8
QUICK_LEAST = 2


@require_GET
@agency_page("debtors.view_debtor")
def quick_search(request: HttpRequest) -> HttpResponse:
    """Answer the command bar while someone types; with nothing typed, who was seen last."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"q": text, "lines": [], "is_recent": not text}
    if len(text) >= QUICK_LEAST:
        page = search_debtors(text, size=QUICK_SIZE)
        context |= {"lines": lines_of(page.rows), "has_more": bool(page.after)}
    elif not text:
        context["lines"] = lines_of(recent_debtors(actor_of(request), clock.now()))
    return render(request, "telecobranca/_quick.html", context)


@require_GET
@agency_page("debtors.view_debtor")
def bar(request: HttpRequest) -> HttpResponse:
    """Say who is next and until when people may be called: this debtor, or people at large."""
    now, debtor_id = clock.now(), request.GET.get("devedor", "")
    if debtor_id.isdecimal():
        standing = standing_of(debtor_or_404(int(debtor_id)), now)
    else:
        standing = standing_at_large(agency_of(request).pk, now)
    actor = actor_of(request)
    waiting = queue_size(actor, now) if actor.has_perm("dunning.add_contactrecord") else None
    return render(request, "telecobranca/_bar.html", {"standing": standing, "waiting": waiting})
