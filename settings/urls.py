"""Every address of the product."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from cobranca.common import health
from cobranca.common.metrics import metrics
from integrations.core.health import register as register_facts

# Rooms with screens; each names its own addresses.
ROOMS = (
    "cobranca.accounts",
    "cobranca.telecobranca",
    "cobranca.creditors",
    "cobranca.scheduling",
    "cobranca.audit",
    "integrations.core",
)

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
register_facts()

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
    path("conta/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("settings.api")),
    *(path("", include(f"{room}.urls")) for room in ROOMS if find_spec(f"{room}.urls")),
]

handler400 = "cobranca.common.error_pages.bad_request"
handler403 = "cobranca.common.error_pages.permission_denied"
handler404 = "cobranca.common.error_pages.page_not_found"
handler500 = "cobranca.common.error_pages.server_error"
