"""Log Integração (Gerais): every call to another system, both sides of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cobranca.accounts.access import agency_of, agency_page
from cobranca.common import clock
from cobranca.common.paging import LongListPaginator
from integrations.core import privacy, selectors
from integrations.core.forms import LogFilter
from integrations.core.models import IntegrationLog

# What of a call may tell whom it is about.
PERSONAL = ("url", "request", "response")


@require_GET
@agency_page("integrations.view_integrationlog")
def logs(request: HttpRequest) -> HttpResponse:
    """List calls by period, type, method, errors and search terms."""
    form = LogFilter(request.GET, agency=agency_of(request), on=clock.today())
    page = LongListPaginator(selectors.logs(form.filters()), 50).get_page(request.GET.get("pagina"))
    for log in page:
        log.url = privacy.shown(log.url, request.user)
    return render(request, "integrations/logs.html", {"logs": page, "form": form})


@require_GET
@agency_page("integrations.view_integrationlog")
def log_detail(request: HttpRequest, log_id: int) -> HttpResponse:
    """Show one call's request and response."""
    log: IntegrationLog = get_object_or_404(
        IntegrationLog.objects.select_related("creditor"), pk=log_id
    )
    for name in PERSONAL:
        setattr(log, name, privacy.shown(getattr(log, name), request.user))
    context = {"log": log, "is_masked": not privacy.sees_whole(request.user)}
    return render(request, "integrations/log_detail.html", context)
