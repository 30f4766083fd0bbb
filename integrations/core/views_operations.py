"""Gravações no ERP: what is written into ERPs, how far it is, and what was seen on the way."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cobranca.accounts.access import agency_page
from cobranca.agreements.keys import agreement_id_of
from integrations.core.models import ErpOperation
from integrations.core.operations import reading

SEES = "integrations.view_erpoperation"


@require_GET
@agency_page(SEES)
def operations(request: HttpRequest) -> HttpResponse:
    """List writes, newest first; those that did not end are marked."""
    page = Paginator(reading.operations(), 50).get_page(request.GET.get("pagina"))
    return render(request, "integrations/operations.html", {"operations": page})


@require_GET
@agency_page(SEES)
def operation_detail(request: HttpRequest, operation_id: int) -> HttpResponse:
    """Show one write with its steps and what was sent."""
    found: ErpOperation = get_object_or_404(reading.operation_detail(), pk=operation_id)
    context = {
        "operation": found,
        "agreement_id": agreement_id_of(found.key),
        "steps": reading.steps_of(found.key),
        "order": sorted(found.order.items()),
    }
    return render(request, "integrations/operation_detail.html", context)
