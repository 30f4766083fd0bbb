"""Log Integração (Gerais): every call to another system, both sides of it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cobranca.accounts.access import agency_page
from cobranca.common import clock
from integrations.core import selectors
from integrations.core.forms import LogFilter
from integrations.core.models import IntegrationLog


@require_GET
@agency_page("integrations.view_integrationlog")
def logs(request: HttpRequest) -> HttpResponse:
    """List calls by period, type, method, errors and search terms."""
    form = LogFilter(request.GET, on=clock.today())
    page = Paginator(selectors.logs(form.filters()), 50).get_page(request.GET.get("pagina"))
    return render(request, "integrations/logs.html", {"logs": page, "form": form})


@require_GET
@agency_page("integrations.view_integrationlog")
def log_detail(request: HttpRequest, log_id: int) -> HttpResponse:
    """Show one call's request and response."""
    log: IntegrationLog = get_object_or_404(
        IntegrationLog.objects.select_related("creditor"), pk=log_id
    )
    return render(request, "integrations/log_detail.html", {"log": log})
