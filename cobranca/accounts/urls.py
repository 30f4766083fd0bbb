"""Addresses of the accounts room."""

from django.urls import path

from cobranca.accounts import views

urlpatterns = [path("", views.home, name="home")]
