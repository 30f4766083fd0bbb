"""The REST API, version 1: what each room offers under its own names, and its description."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

ROOMS = (
    "cobranca.accounts",
    "cobranca.creditors",
    "cobranca.debtors",
    "cobranca.contracts",
    "cobranca.scheduling",
    "cobranca.audit",
    "integrations.core",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]
for room in ROOMS:
    if find_spec(f"{room}.api"):
        urlpatterns += import_module(f"{room}.api").api_urls
