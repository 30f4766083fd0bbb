"""Privacy: who read whom, what was asked of a person's data, who is the same person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from cobranca.accounts import viewing_middleware as viewing
from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common import clock
from cobranca.common.downloads import csv_response
from cobranca.common.errors import DomainError
from cobranca.common.paging import LongListPaginator
from cobranca.common.viewer import is_masked
from cobranca.debtors import anonymising, exporting, readings
from cobranca.debtors.forms import AnonymiseForm, ReadingFilter, RequestForm
from cobranca.debtors.models import Debtor, PrivacyRequest
from cobranca.debtors.reading import write_down_revealing
from cobranca.debtors.redirects import MergedDebtorError
from cobranca.debtors.sight import seen

SEES_READINGS = "debtors.view_debtorreading"
SEES_REQUESTS = "debtors.view_privacyrequest"
MAKES_REQUESTS = "debtors.add_privacyrequest"
REVEALS = "debtors.reveal_personal"
PAGE_SIZE = 50
private = cache_control(private=True, no_store=True)


@require_GET
@agency_page(SEES_READINGS)
def readings_page(request: HttpRequest) -> HttpResponse:
    """Show who read whom; as a file when asked."""
    form = ReadingFilter(request.GET, agency=agency_of(request), on=clock.today())
    found = readings.readings(form.filters())
    if request.GET.get("formato") == "csv":
        rows = readings.export_rows(found)
        return csv_response("leituras", readings.EXPORT_HEADER, rows)
    page = LongListPaginator(found, PAGE_SIZE).get_page(request.GET.get("pagina"))
    return render(request, "debtors/readings.html", {"page": page, "form": form})


@require_GET
@agency_page(SEES_REQUESTS)
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what was done on persons' requests."""
    found = seen(PrivacyRequest.objects.select_related("debtor", "actor"), "debtor")
    page = LongListPaginator(found, PAGE_SIZE).get_page(request.GET.get("pagina"))
    return render(request, "debtors/privacy.html", {"page": page})


@require_GET
@agency_page("debtors.view_debtor")
def hook(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show, on the debtor's page, what it says and offers of privacy."""
    debtor = debtor_or_404(debtor_id)
    context = {"debtor": debtor, "is_masked": is_masked(), "may_reveal": _may_reveal(request)}
    return render(request, "debtors/_hook.html", context)


@private
@require_GET
@agency_page("debtors.view_debtor", SEES_REQUESTS)
def subject(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show a person's requests, and what may be done on one."""
    return _subject(request, debtor_or_404(debtor_id))


@private
@require_POST
@agency_page("debtors.view_debtor", MAKES_REQUESTS)
def export(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Answer with everything held about a person."""
    debtor = debtor_or_404(debtor_id)
    form = RequestForm(request.POST)
    try:
        name, packed = exporting.export_debtor(
            debtor_id=debtor.pk,
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except DomainError as error:
        _refuse(form, error)
        return _subject(request, debtor, export_form=form)
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@agency_page("debtors.view_debtor", MAKES_REQUESTS)
def anonymise(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Take a person's data away for good."""
    debtor = debtor_or_404(debtor_id)
    form = AnonymiseForm(request.POST)
    try:
        anonymising.anonymise_debtor(
            debtor_id=debtor.pk,
            typed=request.POST.get("typed", ""),
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            at=clock.now(),
            on=clock.today(),
        )
    except DomainError as error:
        _refuse(form, error)
        return _subject(request, debtor, anonymise_form=form)
    messages.success(request, "Titular anonimizado.")
    return redirect("debtors:privacy")


@require_POST
@agency_page("debtors.view_debtor", REVEALS)
def reveal(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Show somebody a debtor's masked data for a while, and write down why."""
    debtor, actor, at = debtor_or_404(debtor_id), actor_of(request), clock.now()
    try:
        write_down_revealing(debtor, actor, request.POST.get("reason", ""), at)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        viewing.reveal(request, debtor.pk, at)
    return redirect("telecobranca:debtor", debtor.pk)


def debtor_or_404(debtor_id: int) -> Debtor:
    """Return the agency's debtor; 404 for another's, the kept one's page for one merged."""
    found = seen(Debtor.objects.select_related("agency").filter(pk=debtor_id)).first()
    if found is None:
        raise Http404
    if found.merged_into_id is not None:
        raise MergedDebtorError(found.pk, found.merged_into_id)
    return found


def _may_reveal(request: HttpRequest) -> bool:
    return is_masked() and request.user.has_perm(REVEALS)


def _subject(request: HttpRequest, debtor: Debtor, **forms: Any) -> HttpResponse:
    context = {
        "debtor": debtor,
        "requests": debtor.privacy_requests.select_related("actor"),
        "readings": debtor.readings.select_related("actor")[:20],
        "objections": anonymising.objections_to(debtor, clock.today()),
        "export_form": forms.get("export_form") or RequestForm(),
        "anonymise_form": forms.get("anonymise_form") or AnonymiseForm(auto_id="id_anonymise_%s"),
    }
    return render(request, "debtors/subject.html", context)


def _refuse(form: Any, error: DomainError) -> None:
    """Say at its field what a service refused, unless the form says so itself."""
    form.is_valid()
    field = error.field if error.field in form.fields else None
    if error.message not in form.errors.get(field, []):
        form.add_error(field, error.message)
