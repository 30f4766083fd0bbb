"""The REST API, version 1: what each room offers under its own names, and its description."""

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cobranca.accounts import api as accounts
from cobranca.agreements import api as agreements
from cobranca.audit import api as audit
from cobranca.campaigns import api as campaigns
from cobranca.common.api.fallback import unknown
from cobranca.contracts import api as contracts
from cobranca.creditors import api as creditors
from cobranca.debtors import api as debtors
from cobranca.dunning import api as dunning
from cobranca.outbox import api as outbox
from cobranca.reports import api as reports
from cobranca.scheduling import api as scheduling
from cobranca.telecobranca import api as telecobranca
from integrations.core import api as integrations


class ApiDocs(SpectacularSwaggerSplitView):
    """Swagger UI from our own files, without the inline styles that the policy forbids."""

    url_name = "api_schema"
    template_name = "api/docs.html"


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", ApiDocs.as_view(), name="api_docs"),
    *accounts.api_urls,
    *audit.api_urls,
    *outbox.api_urls,
    *creditors.api_urls,
    *debtors.api_urls,
    *contracts.api_urls,
    *campaigns.api_urls,
    *agreements.api_urls,
    *dunning.api_urls,
    *telecobranca.api_urls,
    *reports.api_urls,
    *scheduling.api_urls,
    *integrations.api_urls,
    # Last, for what nobody offers.
    re_path(".*", unknown, name="api_unknown"),
]
