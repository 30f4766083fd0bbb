"""Addresses of the law of contact and of what came of contacts."""

from django.urls import URLPattern, URLResolver, include, path

from cobranca.dunning import block_views, law_views, refusal_views

app_name = "dunning"

debtor_urls = [
    path("", law_views.status, name="status"),
    path("bloqueios/", block_views.blocks, name="blocks"),
    path("bloqueios/novo/", block_views.add, name="add_block"),
]
law_urls: list[URLPattern | URLResolver] = [
    path("posso-contatar/", law_views.may_contact, name="may_contact"),
    path("contatos-recusados/", refusal_views.refused, name="refusals"),
    path("lei/devedores/<int:debtor_id>/", include(debtor_urls)),
    path("lei/bloqueios/<int:block_id>/retirar/", block_views.lift, name="lift_block"),
]

urlpatterns = [path("telecobranca/", include(law_urls))]
