"""Where other systems announce what happened (answered by IntakeMiddleware on its way in)."""

from django.urls import re_path

from integrations.core.views_intake import intake

app_name = "webhooks"

urlpatterns = [
    re_path(
        r"^(?P<system>[a-z][a-z0-9_-]{0,39})/(?P<agency_id>[0-9]{1,18})/?$", intake, name="intake"
    ),
]
