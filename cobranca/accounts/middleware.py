"""The agency of whoever is signed in, in force for the whole request."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django_scopes import scope

from cobranca.common.remembering import remembering


class AgencyScopeMiddleware:
    """Scope every query of a request to the user's agency; without one, scoped queries raise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the agency's scope, reading its settings once."""
        with remembering():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        agency = getattr(request.user, "agency", None)
        if agency is None:
            return self.get_response(request)
        if not agency.is_active:
            # Switched off while somebody was signed in: the session ends here.
            logout(request)
            return self.get_response(request)
        with scope(agency=agency):
            return self.get_response(request)
