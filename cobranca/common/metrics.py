"""/metrics for Prometheus: the library's own figures and the facts of health.py as gauges."""

import os
from collections.abc import Iterator
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cobranca.common.health import facts


class FactsCollector(Collector):
    """Every registered fact as gauges named cobranca_<fact>_<key>."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the facts that have a value."""
        for name, values in facts().items():
            for key, value in values.items():
                if value is not None:
                    title = f"cobranca_{name}_{key}"
                    yield GaugeMetricFamily(title, f"{name}: {key}", value=value)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer to whoever has the token, or asks from this very machine."""
    if not (_has_token(request) or _is_local(request)):
        return HttpResponseForbidden()
    page = generate_latest(_processes()) + generate_latest(_facts())
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), wanted.encode())


def _is_local(request: HttpRequest) -> bool:
    # Behind a proxy on the same machine everybody would come from loopback.
    if request.headers.get("X-Forwarded-For"):
        return False
    return ip_address(request.META["REMOTE_ADDR"] or "0.0.0.0").is_loopback  # noqa: S104


def _processes() -> CollectorRegistry:
    """Return the figures of all web processes where they are shared, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _facts() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(FactsCollector())
    return registry
