"""Addresses for machines, answered before hosts, sessions and request logs come into it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cobranca.common import health
from cobranca.common.metrics import metrics

PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": health.live,
    "/health/ready": health.ready,
    "/metrics": metrics,
}


class ProbeMiddleware:
    """Answer probes first: an orchestrator asks often, and by the address of a container."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or let the request through."""
        return PROBES.get(request.path, self.get_response)(request)
