"""The first page of each role."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR, role_of

# Fixed addresses (spec 90): the rooms that answer them are above this one.
HOMES = {
    IMPLEMENTER: "/implantacao/",
    SUPERVISOR: "/telecobranca/",
    COLLECTOR: "/telecobranca/",
    AUDITOR: "/logs/integracao/",
}
OPERATORS_HOME = "/admin/"


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send whoever signed in to the first page of their role."""
    is_outside = getattr(request.user, "is_outside", False)
    target = HOMES[COLLECTOR] if is_outside else HOMES.get(role_of(request.user))
    if target is None and request.user.is_staff:
        target = OPERATORS_HOME
    if target is None:
        raise PermissionDenied
    return redirect(target)
