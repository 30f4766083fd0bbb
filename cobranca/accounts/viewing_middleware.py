"""Who looks at a page: for auditors personal data are masked, but for a debtor they revealed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from cobranca.common import clock
from cobranca.common.viewer import Viewer, viewing

REVEALED = "revealed_debtors"
# A revealed debtor is masked again after this long.
LASTS = timedelta(minutes=15)


class ViewerMiddleware:
    """Tells templates who looks, and whether the page's debtor was revealed to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with somebody looking; nobody is signed in, nothing personal is shown."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        with viewing(Viewer(request.user)) as viewer:
            request.viewer = viewer  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, arguments: dict[str, Any]
    ) -> None:
        """Lift the mask from the pages of a debtor that was revealed a moment ago."""
        viewer = getattr(request, "viewer", None)
        debtor_id = arguments.get("debtor_id")
        if viewer is not None and debtor_id is not None:
            viewer.has_revealed = is_revealed(request, debtor_id, clock.now())


def reveal(request: HttpRequest, debtor_id: int, at: datetime) -> None:
    """Show this person a debtor's data for a while, in this session."""
    revealed = dict(request.session.get(REVEALED, {}))
    revealed[str(debtor_id)] = (at + LASTS).isoformat()
    request.session[REVEALED] = revealed


def is_revealed(request: HttpRequest, debtor_id: int, at: datetime) -> bool:
    """Tell whether a debtor's data were revealed in this session, not too long ago."""
    until = request.session.get(REVEALED, {}).get(str(debtor_id))
    return until is not None and at < datetime.fromisoformat(until)
