"""Addresses of the accounts room."""

from django.urls import path

from cobranca.accounts import style_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("estilo/", style_views.style_guide, name="style_guide"),
]
