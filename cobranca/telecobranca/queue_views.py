"""Telecobrança › Fila: the next debtor, what one holds, and why a debtor comes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.telecobranca.models import DrawEnd
from cobranca.telecobranca.queue_rules import UNITS
from cobranca.telecobranca.selectors import debtor_or_404
from cobranca.telecobranca.selectors_queue import (
    held_by,
    hold_of,
    queue_size,
    queue_state,
    why_next,
    would_come,
)
from cobranca.telecobranca.services import queue

WORKS = ("telecobranca.view_queueentry", "dunning.add_contactrecord")
SEES = "telecobranca.view_queueentry"
COMING = 5


@require_http_methods(["GET", "POST"])
@agency_page("debtors.view_debtor", *WORKS)
def next_debtor(request: HttpRequest) -> HttpResponse:
    """Give the next debtor (POST), or say who would come and how many wait (GET)."""
    actor, now = actor_of(request), clock.now()
    if request.method == "POST":
        drawn = queue.next_debtor(actor, now)
        if drawn is not None:
            return redirect("telecobranca:debtor", drawn.debtor_id)
        messages.info(request, "Ninguém na fila pode ser chamado agora.")
        return redirect("telecobranca:next")
    context = {
        "size": queue_size(actor, now),
        "coming": would_come(actor, now, COMING),
        "held": held_by(actor, now),
        "state": queue_state(agency_of(request).pk),
    }
    return render(request, "telecobranca/queue/next.html", context)


@require_http_methods(["GET", "POST"])
@agency_page("debtors.view_debtor", SEES)
def held(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Say on the debtor's page who holds them (GET); work on the page renews the hold (POST)."""
    debtor, now, actor = debtor_or_404(debtor_id), clock.now(), actor_of(request)
    if request.method == "POST":
        queue.renew(debtor.pk, collector=actor, at=now)
    entry = hold_of(debtor.pk)
    is_held = entry is not None and entry.is_held_at(now)
    context = {
        "debtor": debtor,
        "entry": entry,
        "now": now,
        "is_mine": is_held and entry is not None and entry.held_by_id == actor.pk,
        "is_held": is_held,
    }
    return render(request, "telecobranca/queue/_held.html", context)


@require_POST
@agency_page("debtors.view_debtor", *WORKS)
def release(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Give back a debtor that one holds; they come again at once, to whoever asks."""
    debtor = debtor_or_404(debtor_id)
    gave = queue.release(
        debtor.pk, at=clock.now(), ended_as=DrawEnd.RELEASED, only_of=actor_of(request)
    )
    if gave:
        messages.success(request, f"{debtor.name} voltou à fila.")
    else:
        messages.info(request, f"{debtor.name} já não estava com você.")
    return redirect("telecobranca:next")


@require_GET
@agency_page("debtors.view_debtor", SEES)
def why(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Tell why a debtor comes when they come: in a dialog for htmx, else on a page."""
    debtor = debtor_or_404(debtor_id)
    now = clock.now()
    context: dict[str, Any] = {
        "debtor": debtor,
        "why": why_next(debtor.pk, on=clock.today()),
        "units": UNITS,
        "now": now,
    }
    part = "_why" if request.htmx else "why"  # type: ignore[attr-defined]
    return render(request, f"telecobranca/queue/{part}.html", context)
