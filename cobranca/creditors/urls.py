"""Addresses of parameters, implantação and logos."""

from django.urls import path

from cobranca.creditors import views

app_name = "creditors"
BASE = "configuracoes/parametros/"
urlpatterns = [
    path(BASE, views.parameters, name="parameters"),
    path(f"{BASE}credor/", views.creditor_parameters, name="creditor_parameters"),
    path(
        f"{BASE}credor/<int:creditor_id>/confirmar/",
        views.confirm_settings,
        name="confirm_settings",
    ),
    path(f"{BASE}valor/", views.parameter_value, name="parameter_value"),
    path(f"{BASE}opcoes/", views.parameter_choices, name="parameter_choices"),
    path("implantacao/", views.onboarding, name="onboarding"),
    path("media/logos/<int:agency_id>/<str:filename>", views.logo, name="logo"),
]
