"""Addresses of privacy and of merging."""

from django.urls import URLPattern, URLResolver, include, path

from cobranca.debtors import merge_views, views

app_name = "debtors"

subject_urls = [
    path("", views.subject, name="subject"),
    path("aviso/", views.hook, name="privacy_hook"),
    path("exportar/", views.export, name="export"),
    path("anonimizar/", views.anonymise, name="anonymise"),
    path("revelar/", views.reveal, name="reveal"),
]
merge_urls = [
    path("", merge_views.merges, name="merges"),
    path("sugestoes/", merge_views.suggested, name="suggested_merges"),
    path("comparar/", merge_views.compare, name="compare"),
    path("unificar/", merge_views.merge, name="merge"),
    path("<int:merge_id>/desfazer/", merge_views.undo, name="undo_merge"),
    path("diferentes/", merge_views.tell_apart, name="tell_apart"),
    path("diferentes/<int:pair_id>/desfazer/", merge_views.take_back, name="take_back"),
]
privacy_urls: list[URLPattern | URLResolver] = [
    path("leituras/", views.readings_page, name="readings"),
    path("titulares/", views.privacy, name="privacy"),
    path("devedores/<int:debtor_id>/", include(subject_urls)),
    path("unificacoes/", include(merge_urls)),
]
urlpatterns: list[URLPattern | URLResolver] = [path("privacidade/", include(privacy_urls))]
