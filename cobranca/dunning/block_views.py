"""Blocks of a debtor, seen, added and lifted in place on the debtor page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from cobranca.accounts.access import actor_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.debtors.blocks import add_block, blocks_in_sight, describe, lift_block
from cobranca.debtors.models import Debtor, Phone
from cobranca.dunning.block_forms import BlockForm, LiftForm
from cobranca.dunning.people import block_or_404, debtor_or_404

SEES = ("debtors.view_debtor", "debtors.view_contactblock")
ADDS = (*SEES, "debtors.add_contactblock")
LIFTS = (*SEES, "debtors.change_contactblock")
private = cache_control(private=True, no_store=True)


@require_GET
@private
@agency_page(*SEES)
def blocks(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show what a debtor may not be contacted by."""
    return _list(request, debtor_or_404(debtor_id))


@require_http_methods(["GET", "POST"])
@private
@agency_page(*ADDS)
def add(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Offer, then take, a new block."""
    debtor = debtor_or_404(debtor_id)
    phones = list(Phone.objects.filter(debtor=debtor))
    form = BlockForm(request.POST or None, phones=phones)
    if request.method == "POST" and form.is_valid():
        try:
            add_block(
                debtor_id=debtor.pk,
                wanted=form.wanted(),
                actor=actor_of(request),
                on=clock.today(),
            )
        except DomainError as error:
            form.put(error)
        else:
            return _done(request, debtor, "Bloqueio incluído.")
    return render(request, "dunning/_block_form.html", {"form": form, "debtor": debtor})


@require_http_methods(["GET", "POST"])
@private
@agency_page(*LIFTS)
def lift(request: HttpRequest, block_id: int) -> HttpResponse:
    """Ask why a block is to be lifted, then lift it."""
    block = block_or_404(block_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            lift_block(block=block, actor=actor_of(request), at=clock.now(), reason=reason)
        except DomainError as error:
            form.add_error("reason", error.message)
        else:
            return _done(request, block.debtor, "Bloqueio retirado.")
    context = {"form": form, "block": block, "what": describe(block), "debtor": block.debtor}
    return render(request, "dunning/_lift_form.html", context)


def _list(request: HttpRequest, debtor: Debtor) -> HttpResponse:
    today = clock.today()
    rows = [
        {"block": block, "text": describe(block), "is_in_force": block.starts_on <= today}
        for block in blocks_in_sight(debtor.pk, today)
    ]
    return render(request, "dunning/_blocks.html", {"debtor": debtor, "rows": rows})


def _done(request: HttpRequest, debtor: Debtor, said: str) -> HttpResponse:
    """Show the list as it is now, refresh what depends on it, say what was done."""
    response = _list(request, debtor)
    response["HX-Retarget"], response["HX-Reswap"] = "#blocks", "innerHTML"
    trigger_client_event(response, "timeline-changed", {})
    trigger_client_event(response, "contact-law-changed", {})
    return trigger_client_event(response, "toast", {"text": said})
