"""Log de webhooks: what other systems announced, what came of it, and what was turned away."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cobranca.accounts.access import actor_of, agency_page
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.common.paging import LongListPaginator
from integrations.core import privacy
from integrations.core.forms_webhooks import DeliveryFilter, RefusalFilter
from integrations.core.inbox import selectors
from integrations.core.inbox.moves import people
from integrations.core.models import WebhookDelivery

PAGE = 50


@require_GET
@agency_page("integrations.view_webhookdelivery")
def deliveries(request: HttpRequest) -> HttpResponse:
    """List announcements by period, event, status, errors and search terms."""
    form = DeliveryFilter(request.GET, on=clock.today())
    found = selectors.deliveries(form.filters())
    context = {
        "deliveries": LongListPaginator(found, PAGE).get_page(request.GET.get("pagina")),
        "form": form,
        "counts": selectors.counts_by_status(),
    }
    return render(request, "integrations/webhooks.html", context)


@require_GET
@agency_page("integrations.view_webhookdelivery")
def delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show one announcement: its body, what came of it, and what may be done with it."""
    row: WebhookDelivery = get_object_or_404(WebhookDelivery.objects.all(), pk=delivery_id)
    body = privacy.shown(selectors.body_shown(row), request.user)
    may = selectors.moves_of(row, now=clock.now()) if _may_decide(request) else frozenset()
    context = {"delivery": row, "body": body, "may": may, "now": clock.now()}
    return render(request, "integrations/webhook.html", context)


def _may_decide(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("integrations.change_webhookdelivery"))


@require_GET
@agency_page("integrations.view_webhookrefusal")
def refusals(request: HttpRequest) -> HttpResponse:
    """List what was turned away, by minute and reason."""
    form = RefusalFilter(request.GET, on=clock.today())
    found = selectors.refusals(form.filters())
    page = LongListPaginator(found, PAGE).get_page(request.GET.get("pagina"))
    context = {"refusals": page, "form": form}
    return render(request, "integrations/webhook_refusals.html", context)


@require_POST
@agency_page("integrations.change_webhookdelivery")
def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Have an announcement processed again."""
    return _decide(request, delivery_id, people.retry, "Aviso posto na fila.")


@require_POST
@agency_page("integrations.change_webhookdelivery")
def discard(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Give up an announcement."""
    return _decide(request, delivery_id, people.discard, "Aviso descartado.")


def _decide(
    request: HttpRequest, delivery_id: int, decision: Callable[..., object], told: str
) -> HttpResponse:
    row: WebhookDelivery = get_object_or_404(WebhookDelivery.objects.only("pk"), pk=delivery_id)
    try:
        decision(delivery_id=row.pk, actor=actor_of(request), now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, told)
    return redirect("integrations:webhook", row.pk)
