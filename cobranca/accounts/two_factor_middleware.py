"""Nobody who must have a second factor opens anything without it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from cobranca.accounts.two_factor import Standing, standing
from cobranca.common.api.problems import CONTENT_TYPE, problem

# Where each is led, and what besides is open until then.
LEADS_TO = {
    Standing.MUST_SET_UP: "mfa_activate_totp",
    Standing.MUST_SHOW: "mfa_reauthenticate",
}
OPEN = {
    Standing.MUST_SET_UP: {
        "mfa_activate_totp",
        "account_reauthenticate",
        "account_logout",
        "admin:logout",
    },
    Standing.MUST_SHOW: {"mfa_reauthenticate", "account_logout", "admin:logout"},
}
REFUSALS = {
    Standing.MUST_SET_UP: "Configure a verificação em duas etapas para continuar.",
    Standing.MUST_SHOW: "Confirme a verificação em duas etapas para continuar.",
}


class TwoFactorMiddleware:
    """Lead people to set up or show their second factor, whatever they asked for.

    Programs with a token pass: whose token it is was settled when it was made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; `process_view` decides once the address is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Return the way to the second factor, or None to let the view answer."""
        if not request.user.is_authenticated:
            return None
        now = standing(request)
        match = request.resolver_match
        if now is Standing.CLEAR or (match is not None and match.view_name in OPEN[now]):
            return None
        return _lead(request, now)


def _lead(request: HttpRequest, now: Standing) -> HttpResponse:
    if request.path.startswith("/api/"):
        told = problem(403, REFUSALS[now])
        return JsonResponse(told, status=403, content_type=CONTENT_TYPE)
    target = reverse(LEADS_TO[now])
    if request.headers.get("HX-Request") == "true":
        # The frame of the page one is led to asks for its parts, too: it must not load for ever.
        is_there = urlsplit(request.headers.get("HX-Current-URL", "")).path == target
        return (
            HttpResponse(status=204) if is_there else HttpResponse(headers={"HX-Redirect": target})
        )
    if now is Standing.MUST_SHOW and request.method == "GET":
        target = f"{target}?{urlencode({'next': request.get_full_path()})}"
    return redirect(target)
