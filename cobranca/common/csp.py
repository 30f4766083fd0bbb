"""Content-Security-Policy, relaxed for the admin theme only."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ADMIN_PREFIX = "/admin/"


class PolicyMiddleware(CSPMiddleware):
    """Send the strict policy everywhere and its admin additions below /admin/."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add what Unfold needs to the answers of the admin."""
        if request.path.startswith(ADMIN_PREFIX):
            response._csp_update = settings.CSP_ADMIN_ADDITIONS  # type: ignore[attr-defined]
        return super().process_response(request, response)
