"""The address of a debtor who was merged into another leads to the other.

A page that looks for such a debtor raises `MergedDebtorError`; the same address, with the other's
key, is where to go. What was being sent is sent there, for it was meant for this very person.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

KEEPS_METHOD = 307


class MergedDebtorError(Exception):
    """A debtor was asked for who is another one now."""

    def __init__(self, gone_id: int, kept_id: int) -> None:
        super().__init__(f"{gone_id} → {kept_id}")
        self.gone_id = gone_id
        self.kept_id = kept_id


class MergedDebtorMiddleware:
    """Answers with the way to the one who was kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave everything else alone."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Send whoever asked for one who is gone to the one who was kept."""
        if not isinstance(error, MergedDebtorError):
            return None
        before, after = (f"/devedores/{pk}/" for pk in (error.gone_id, error.kept_id))
        response = HttpResponseRedirect(request.get_full_path().replace(before, after, 1))
        if request.method != "GET":
            response.status_code = KEEPS_METHOD
        return response
