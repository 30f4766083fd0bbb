"""Configurações › Parâmetros, the implantação, and creditors' logos."""

import mimetypes
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cobranca.accounts.access import actor_of, agency_of, agency_page
from cobranca.common.errors import DomainError
from cobranca.creditors import choices, selectors, services
from cobranca.creditors.models import Creditor
from cobranca.creditors.onboarding import StepState, checklist, integrated_creditors
from cobranca.creditors.parameter_form import ParameterAddress, merged_codes, takes_codes
from cobranca.creditors.parameters import CREDITOR, GENERAL


@require_GET
@agency_page("creditors.view_parametervalue")
def parameters(request: HttpRequest) -> HttpResponse:
    """Show the agency's own parameters, a section at a time."""
    agency = agency_of(request)
    creditor = _chosen_creditor(request, integrated_creditors(agency))
    sections = selectors.sections(GENERAL)
    section = _chosen_section(request, sections, creditor)
    context = {
        "sections": sections,
        "section": section,
        "lines": selectors.lines_of(section, GENERAL, agency=agency),
        "editing": request.GET.get("editar", ""),
    }
    return render(request, "creditors/parameters.html", context)


@require_GET
@agency_page("creditors.view_parametervalue")
def creditor_parameters(request: HttpRequest) -> HttpResponse:
    """Show one creditor's parameters, a section at a time."""
    agency = agency_of(request)
    creditors = list(selectors.creditors_of(agency))
    creditor = _chosen_creditor(request, creditors)
    sections = selectors.sections(CREDITOR, creditor) if creditor else []
    section = _chosen_section(request, sections, creditor)
    lines = (
        selectors.lines_of(section, CREDITOR, agency=agency, creditor=creditor) if creditor else []
    )
    context = {
        "creditors": creditors,
        "creditor": creditor,
        "sections": sections,
        "section": section,
        "lines": lines,
        "waiting": selectors.waiting_by_section(creditor) if creditor else {},
        "editing": request.GET.get("editar", ""),
    }
    return render(request, "creditors/creditor_parameters.html", context)


def _chosen_section(request: HttpRequest, sections: list[str], creditor: Creditor | None) -> str:
    """Return the section asked for, else that of the creditor's integration, else the first."""
    wanted = (request.GET.get("secao", ""), selectors.integration_section(creditor), *sections)
    return next((name for name in wanted if name in sections), "")


def _chosen_creditor(request: HttpRequest, creditors: list[Creditor]) -> Creditor | None:
    """Return the creditor asked for, else the first; one that is not the agency's is a 404."""
    told = request.GET.get("credor", "")
    if not told:
        return next(iter(creditors), None)
    if not (told.isascii() and told.isdigit()):
        raise Http404
    return get_object_or_404(Creditor.objects.all(), pk=told)


@require_http_methods(["GET", "POST"])
@agency_page("creditors.view_parametervalue", "creditors.change_parametervalue")
def parameter_value(request: HttpRequest) -> HttpResponse:
    """Show one line of the table, to be edited (?editar=1) or not; save what was typed."""
    address = ParameterAddress.of(request)
    if request.method == "GET":
        return _line(request, address, editing="editar" in request.GET)
    typed = merged_codes(address.parameter, request.POST)
    try:
        services.set_parameter(
            address.parameter,
            None if "limpar" in request.POST else typed,
            agency=address.agency,
            creditor=address.creditor,
            actor=actor_of(request),
        )
    except DomainError as error:
        if request.htmx:  # type: ignore[attr-defined]
            return _line(request, address, editing=True, typed=typed, error=error.message)
        messages.error(request, f"{address.parameter.label}: {error.message}")
        return redirect(f"{address.page}&{urlencode({'editar': address.parameter.key})}")
    if request.htmx:  # type: ignore[attr-defined]
        return _line(request, address)
    return redirect(address.page)


def _line(request: HttpRequest, address: ParameterAddress, **state: Any) -> HttpResponse:
    """Draw one line of the table."""
    line = selectors.line_of(address.parameter, agency=address.agency, creditor=address.creditor)
    context = {"line": line, "creditor": address.creditor, **state}
    # What was typed wrong is shown again; a secret never is.
    if "typed" in state and not address.parameter.secret:
        context["text"] = state["typed"]
    else:
        context["text"] = line.editable
    return render(request, "creditors/_parameter.html", context)


@require_GET
@agency_page("creditors.change_parametervalue")
def parameter_choices(request: HttpRequest) -> HttpResponse:
    """Offer the ERP's list for a parameter; when it does not answer, say so and let people type."""
    address = ParameterAddress.of(request)
    parameter = address.parameter
    if not choices.has_choices(parameter):
        raise Http404
    context: dict[str, Any] = {"parameter": parameter, "takes_codes": takes_codes(parameter)}
    try:
        context["offered"] = choices.choices_for(parameter, agency=address.agency)
    except DomainError as error:
        context["error"] = error.message
    line = selectors.line_of(parameter, agency=address.agency, creditor=address.creditor)
    context["chosen"] = line.shown.split(";") if takes_codes(parameter) else []
    return render(request, "creditors/_choices.html", context)


@require_POST
@agency_page("creditors.change_parametervalue")
def confirm_settings(request: HttpRequest, creditor_id: int) -> HttpResponse:
    """Say that the automatic settings of a section were looked at."""
    creditor: Creditor = get_object_or_404(Creditor.objects.all(), pk=creditor_id)
    section = request.POST.get("secao", "")
    number = services.confirm_validation(
        creditor=creditor, actor=actor_of(request), section=section
    )
    messages.success(request, f"Configurações confirmadas: {number}.")
    query = urlencode({"credor": creditor.pk, "secao": section})
    return redirect(f"{reverse('creditors:creditor_parameters')}?{query}")


@require_GET
@agency_page("creditors.change_creditor")
def onboarding(request: HttpRequest) -> HttpResponse:
    """Walk through the implantação: what is done, missing or to be validated."""
    steps = checklist(agency_of(request))
    required = [each for each in steps if not each.step.is_optional]
    done = [each for each in required if each.finding.state == StepState.DONE]
    context = {"steps": steps, "done": len(done), "total": len(required)}
    return render(request, "creditors/onboarding.html", context)


@require_GET
@agency_page("creditors.view_creditor")
def logo(request: HttpRequest, agency_id: int, filename: str) -> HttpResponse:
    """Serve a creditor's logo to its own agency."""
    name = f"logos/{agency_id}/{filename}"
    is_ours = agency_id == agency_of(request).pk and filename.strip(".")
    if not is_ours or not default_storage.exists(name):
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(default_storage.open(name), content_type=kind)
    response["Cache-Control"] = "private, max-age=86400"
    return response
