"""Addresses of the dashboards."""

from django.urls import URLPattern, URLResolver, include, path

from cobranca.reports import views

app_name = "reports"

board_urls: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("meu-desempenho/", views.mine, name="mine"),
    path("lista/<slug:listing>/", views.listing, name="list"),
    path("lista/<slug:listing>.<slug:file>", views.list_file, name="list_file"),
    path("<slug:board>/", views.board, name="board"),
    path("<slug:board>/resumo/", views.summary, name="summary"),
    path("<slug:board>/<slug:chart>.<slug:file>", views.board_file, name="board_file"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("paineis/", include(board_urls))]
