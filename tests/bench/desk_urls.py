"""The product's addresses, and a view that has nothing to do but render the debtor's page."""

from threading import Lock
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from cobranca.telecobranca import views

TEMPLATE = "telecobranca/debtor.html"
_one = Lock()
_ready: dict[int, dict[str, Any]] = {}


def rendered(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """Render the page from a context that was made for the first who asked."""
    with _one:
        if debtor_id not in _ready:
            _ready[debtor_id] = _context(request, debtor_id)
    return render(request, TEMPLATE, _ready[debtor_id])


def _context(request: HttpRequest, debtor_id: int) -> dict[str, Any]:
    """Return what the product's own view would render."""
    with patch.object(views, "render") as asked:
        asked.return_value = HttpResponse()
        views.debtor(request, debtor_id)
    (_, template, context), _ = asked.call_args
    if template != TEMPLATE:
        raise RuntimeError(f"the page is {template} now")
    return context


urlpatterns = [
    path("bench/devedores/<int:debtor_id>/", rendered),
    path("", include("settings.urls")),
]
