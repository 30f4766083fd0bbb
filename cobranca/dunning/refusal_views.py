"""The supervisor's list of contacts that were refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from cobranca.accounts.access import agency_page
from cobranca.common import clock
from cobranca.common.downloads import csv_response
from cobranca.common.paging import LongListPaginator
from cobranca.dunning.law_forms import RefusalsForm
from cobranca.dunning.models import ContactAttempt
from cobranca.dunning.refusals import RefusalFilter, askers, refusals
from cobranca.dunning.saying import rule_label

SEES = ("accounts.view_board", "dunning.view_contactattempt")
PAGE = 50
MOST_EXPORTED = 50_000
HEADER = ("Quando", "Devedor", "Canal", "Pedido por", "Regra", "Motivo", "Volta em")
private = cache_control(private=True, no_store=True)


@require_GET
@private
@agency_page(*SEES)
def refused(request: HttpRequest) -> HttpResponse:
    """List refused contacts by rule, channel, person and days; `formato=csv` as a file."""
    form = RefusalsForm(request.GET or None, people=askers())
    wanted = _wanted(form) if form.is_bound and form.is_valid() else RefusalFilter()
    found = refusals(wanted)
    if request.GET.get("formato") == "csv":
        return csv_response("contatos-recusados", HEADER, map(_line, found[:MOST_EXPORTED]))
    page = LongListPaginator(found, PAGE).get_page(request.GET.get("pagina"))
    for row in page:
        row.rule_label = rule_label(row.rule)
    context = {"form": form, "refusals": page}
    return render(request, "dunning/refusals.html", context)


def _wanted(form: RefusalsForm) -> RefusalFilter:
    told = form.cleaned_data
    return RefusalFilter(
        family=told["regra"],
        channel=told["canal"],
        asked_by=told["quem"],
        since=told["de"],
        until=told["ate"],
    )


def _line(row: ContactAttempt) -> tuple[str, ...]:
    return (
        f"{clock.office_time(row.at):%d/%m/%Y %H:%M:%S}",
        row.debtor.name,
        row.get_channel_display(),
        str(row.actor or "Automático"),
        rule_label(row.rule),
        row.reason,
        str(row.facts.get("next_at") or ""),
    )
