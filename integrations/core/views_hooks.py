"""The webhooks of an agency in its ERP: one button, what exists there, what was not announced."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cobranca.accounts.access import agency_page
from cobranca.accounts.models import User
from cobranca.common import clock
from cobranca.common.errors import DomainError
from cobranca.creditors.models import Creditor
from integrations.core import hooks, losses
from integrations.core.registry import entry_for

ACTIONS = ("check", "install", "rotate", "remove")


@require_http_methods(["GET", "POST"])
@agency_page("integrations.view_webhooksubscription")
def webhooks(request: HttpRequest, creditor_id: int) -> HttpResponse:
    """Show the subscriptions and what was not announced; POST checks, creates or removes."""
    creditor: Creditor = get_object_or_404(
        Creditor.objects.select_related("agency"), pk=creditor_id
    )
    if request.method == "POST":
        return _act(request, creditor)
    return _page(request, creditor)


def _act(request: HttpRequest, creditor: Creditor) -> HttpResponse:
    if not request.user.has_perm("integrations.change_webhooksubscription"):
        return HttpResponse(status=403)
    wanted = request.POST.get("action", "")
    action = wanted if wanted in ACTIONS else "check"
    try:
        row = hooks.act(action, creditor=creditor, actor=cast(User, request.user), now=clock.now())
        messages.success(request, row.message)
    except DomainError as error:
        return _page(request, creditor, error.message)
    return redirect("integrations:hooks", creditor.pk)


def _page(request: HttpRequest, creditor: Creditor, message: str = "") -> HttpResponse:
    context: dict[str, Any] = {"creditor": creditor, "message": message}
    try:
        system = entry_for(creditor).system
    except DomainError as error:
        context["message"] = error.message
        return render(request, "integrations/hooks.html", context)
    context |= {
        "subscription": hooks.subscription_of(creditor),
        "url": hooks.url_of(creditor.agency, system),
        "is_https": hooks.is_reachable_by_https(),
        "losses": losses.losses(creditor.agency, system, clock.now()),
        "can_change": request.user.has_perm("integrations.change_webhooksubscription"),
    }
    return render(request, "integrations/hooks.html", context)
