"""Back office: imports with live progress, connection check."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import agency_page
from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.common.downloads import csv_response, xlsx_response
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core import selectors
from integrations.core.connection import check_connection
from integrations.core.forms import ImportForm
from integrations.core.models import ConnectionState, ImportRun
from integrations.core.registry import entries
from integrations.core.runs import services
from integrations.core.tasks import ring_for

ISSUE_HEADER = ("Código", "Crítica", "Contrato", "Parcela")


@require_GET
@agency_page("integrations.view_importrun")
def imports_list(request: HttpRequest) -> HttpResponse:
    """List the agency's imports."""
    page = Paginator(selectors.runs(), 25).get_page(request.GET.get("pagina"))
    can_run = request.user.has_perm("integrations.add_importrun")
    return render(request, "integrations/imports_list.html", {"runs": page, "can_run": can_run})


@require_http_methods(["GET", "POST"])
@agency_page("integrations.add_importrun")
def import_new(request: HttpRequest) -> HttpResponse:
    """Ask for an import and go and watch it."""
    form = ImportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.request_run(
                **form.cleaned_data, now=clock.now(), actor=cast(User, request.user)
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            ring_for(run)
            return redirect("integrations:import_detail", run.pk)
    return render(request, "integrations/import_new.html", {"form": form})


@require_GET
@agency_page("integrations.view_importrun")
def import_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show one import: progress, result, issues."""
    run: ImportRun = get_object_or_404(selectors.runs(), pk=run_id)
    issues = Paginator(selectors.issues_of(run), 50).get_page(request.GET.get("pagina"))
    context = {
        "run": run,
        "issues": issues,
        "progress": selectors.progress_of(run, clock.now()),
        "can_run": request.user.has_perm("integrations.add_importrun"),
    }
    return render(request, "integrations/import_detail.html", context)


@require_GET
@agency_page("integrations.view_importrun")
def import_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """Answer the progress alone; once the run ended, have the whole page load again."""
    run: ImportRun = get_object_or_404(selectors.runs(), pk=run_id)
    progress = selectors.progress_of(run, clock.now())
    response = render(
        request, "integrations/_import_progress.html", {"run": run, "progress": progress}
    )
    if not progress.is_alive:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@agency_page("integrations.change_importrun")
def import_confirm(request: HttpRequest, run_id: int) -> HttpResponse:
    """Let the removals of a waiting batimento happen."""
    run: ImportRun = get_object_or_404(ImportRun.objects.all(), pk=run_id)
    try:
        services.confirm_run(run_id=run.pk, actor=cast(User, request.user))
    except DomainError as error:
        return _refused(request, error)
    ring_for(run)
    return redirect("integrations:import_detail", run.pk)


@require_POST
@agency_page("integrations.change_importrun")
def import_cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Give up a queued or waiting import."""
    run: ImportRun = get_object_or_404(ImportRun.objects.all(), pk=run_id)
    try:
        services.cancel_run(run_id=run.pk, actor=cast(User, request.user))
    except DomainError as error:
        return _refused(request, error)
    return redirect("integrations:import_detail", run.pk)


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return render(request, "409.html", {"message": error.message}, status=409)


def _issue_rows(run: ImportRun) -> list[tuple[str, ...]]:
    return list(selectors.issues_of(run).values_list("code", "message", "contract", "installment"))


@require_GET
@agency_page("integrations.view_importissue")
def issues_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    """Download a run's issues as CSV."""
    run: ImportRun = get_object_or_404(ImportRun.objects.all(), pk=run_id)
    return csv_response(f"criticas-{run.pk}", ISSUE_HEADER, _issue_rows(run))


@require_GET
@agency_page("integrations.view_importissue")
def issues_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    """Download a run's issues as XLSX."""
    run: ImportRun = get_object_or_404(ImportRun.objects.all(), pk=run_id)
    return xlsx_response(f"criticas-{run.pk}", ISSUE_HEADER, _issue_rows(run))


@require_http_methods(["GET", "POST"])
@agency_page("integrations.view_connectionstate")
def connection(request: HttpRequest, creditor_id: int) -> HttpResponse:
    """Show what the ERP lets us use; POST tries it now."""
    creditor: Creditor = get_object_or_404(Creditor.objects.all(), pk=creditor_id)
    message = ""
    if request.method == "POST":
        if not request.user.has_perm("integrations.change_connectionstate"):
            return HttpResponse(status=403)
        try:
            check_connection(creditor=creditor)
        except DomainError as error:
            message = error.message
    system = {entry.creditor_type: entry.system for entry in entries()}
    state = ConnectionState.objects.filter(system=system.get(creditor.creditor_type, "")).first()
    context = {"creditor": creditor, "state": state, "message": message}
    return render(request, "integrations/connection.html", context)
