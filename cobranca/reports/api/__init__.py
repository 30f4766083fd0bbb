"""REST routes of this room."""

from django.urls import URLPattern, URLResolver, path

from cobranca.reports.api.lists import DashboardListViewSet
from cobranca.reports.api.views import DashboardViewSet, OwnDashboardViewSet

READ, RETRIEVE = {"get": "list"}, {"get": "retrieve"}
api_urls: list[URLPattern | URLResolver] = [
    path("dashboards/", DashboardViewSet.as_view(READ), name="dashboards"),
    path("dashboards/mine/", OwnDashboardViewSet.as_view(READ), name="own_dashboard"),
    path(
        "dashboards/lists/<slug:listing>/",
        DashboardListViewSet.as_view(READ),
        name="dashboard_list",
    ),
    path("dashboards/<slug:board>/", DashboardViewSet.as_view(RETRIEVE), name="dashboard"),
]
