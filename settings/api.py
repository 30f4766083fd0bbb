"""The REST API, version 1: what each room offers under its own names, and its description."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cobranca.common.api.fallback import unknown

ROOMS = (
    "cobranca.accounts",
    "cobranca.creditors",
    "cobranca.debtors",
    "cobranca.contracts",
    "cobranca.scheduling",
    "cobranca.audit",
    "integrations.core",
)


class ApiDocs(SpectacularSwaggerSplitView):
    """Swagger UI from our own files, without the inline styles that the policy forbids."""

    url_name = "api_schema"
    template_name = "api/docs.html"


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", ApiDocs.as_view(), name="api_docs"),
]
for room in ROOMS:
    if find_spec(f"{room}.api"):
        urlpatterns += import_module(f"{room}.api").api_urls
# Last, for what nobody offers.
urlpatterns.append(re_path(".*", unknown, name="api_unknown"))
