"""Cota de chamadas: what is left of what each ERP allows, who spends it, what stops next."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cobranca.accounts.access import agency_of, agency_page
from cobranca.common import clock
from cobranca.common.notices import Notice
from integrations.core import outlook
from integrations.core.budget import limited_systems

SEES = "integrations.view_connectionstate"


@require_GET
@agency_page(SEES)
def call_budget(request: HttpRequest) -> HttpResponse:
    """Show every system's budget of today."""
    agency, now = agency_of(request), clock.now()
    systems = [outlook.system_outlook(agency, name, now) for name in limited_systems()]
    # What calls today comes first; what only has a limit per minute last.
    systems.sort(key=lambda each: (not any(pool.pool.day_limit for pool in each.pools), each.label))
    return render(request, "integrations/call_budget.html", {"systems": systems, "now": now})


def notices(request: HttpRequest) -> Iterator[Notice]:
    """Warn whoever may see budgets of what is spent, or will be today."""
    user = request.user
    if not user.is_authenticated or user.agency is None or not user.has_perm(SEES):
        return
    for label, pool in outlook.warnings_for(user.agency, clock.now()):
        kind = "danger" if pool.state == "spent" else "warn"
        text = f"Cota de chamadas {label} {pool.pool.pool.upper()}: {pool.sentence}"
        yield Notice(kind, text, reverse("integrations:call_budget"), "Ver a cota")
