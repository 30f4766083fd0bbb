"""Addresses of the collector's desk."""

from django.urls import URLPattern, URLResolver, include, path

from cobranca.telecobranca import contact_views, views

app_name = "telecobranca"

debtor_urls = [
    path("", views.debtor, name="debtor"),
    path("dados/", views.details_tab, name="details"),
    path("produtos/", views.products_tab, name="products"),
    path("contratos/finalizados/", views.finished, name="finished_contracts"),
    path("eventos/", views.timeline, name="timeline"),
    path("eventos/novo/", views.add_note, name="add_note"),
    path("<slug:kind>/", contact_views.contacts, name="contacts"),
    path("<slug:kind>/novo/", contact_views.add, name="add_contact"),
]
contract_urls = [
    path("parcelas/<slug:part>/", views.installments, name="installments"),
    path("parcela/<int:number>/", views.installment, name="installment"),
]
contact_urls = [
    path("", contact_views.change, name="change_contact"),
    path("situacao/", contact_views.set_active, name="contact_active"),
]

desk_urls: list[URLPattern | URLResolver] = [
    path("", views.search, name="search"),
    path("busca/", views.quick_search, name="quick_search"),
    path("carteira/", views.portfolio_figures, name="portfolio"),
    path("devedores/<int:debtor_id>/", include(debtor_urls)),
    path("contratos/<int:contract_id>/", include(contract_urls)),
    path("contatos/<slug:kind>/<int:contact_id>/", include(contact_urls)),
]

urlpatterns = [path("telecobranca/", include(desk_urls))]
