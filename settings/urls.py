"""Every address of the product (but for probes: cobranca.common.probes)."""

from allauth.account.decorators import reauthentication_required, secure_admin_login
from allauth.usersessions.views import list_usersessions
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from cobranca.accounts.access import of_the_house

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.has_permission = of_the_house(admin.site.has_permission)  # type: ignore[assignment, method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    # Whoever ends sessions gives the password first; looking at them needs none.
    path(
        "conta/sessions/",
        reauthentication_required(allow_get=True)(list_usersessions),
        name="usersessions_list",
    ),
    path("conta/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("settings.api")),
    path("webhooks/", include("integrations.core.urls_intake")),
    # Rooms with screens; each names its own addresses.
    path("", include("cobranca.accounts.urls")),
    path("", include("cobranca.telecobranca.urls")),
    path("", include("cobranca.dunning.urls")),
    path("", include("cobranca.reports.urls")),
    path("", include("cobranca.debtors.urls")),
    path("", include("cobranca.creditors.urls")),
    path("", include("cobranca.scheduling.urls")),
    path("", include("integrations.core.urls")),
]

handler400 = "cobranca.common.error_pages.bad_request"
handler403 = "cobranca.common.error_pages.permission_denied"
handler404 = "cobranca.common.error_pages.page_not_found"
handler500 = "cobranca.common.error_pages.server_error"
