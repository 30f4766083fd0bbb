"""Addresses of the collector's desk."""

from django.urls import URLPattern, URLResolver, include, path

from cobranca.telecobranca import (
    agreement_views,
    calculation_views,
    contact_views,
    document_views,
    views,
)

app_name = "telecobranca"

calculation_urls = [
    path("", calculation_views.page, name="calculation"),
    path("quadro/", calculation_views.answer, name="calculation_answer"),
    path("erp/", calculation_views.erp, name="calculation_erp"),
    path("passo/", calculation_views.explain, name="calculation_step"),
    path("memoria/", calculation_views.statement, name="statement"),
    path("memoria.pdf", document_views.statement_pdf, name="statement_pdf"),
    path("demonstrativo.pdf", document_views.debt_statement_pdf, name="debt_statement_pdf"),
    path("demonstrativo/enviar/", document_views.send_debt_statement, name="send_debt_statement"),
    path("salvar/", calculation_views.save, name="calculation_save"),
]
debtor_urls: list[URLPattern | URLResolver] = [
    path("", views.debtor, name="debtor"),
    path("dados/", views.details_tab, name="details"),
    path("produtos/", views.products_tab, name="products"),
    path("contratos/finalizados/", views.finished, name="finished_contracts"),
    path("eventos/", views.timeline, name="timeline"),
    path("eventos/novo/", views.add_note, name="add_note"),
    path("calculo/", include(calculation_urls)),
    path("acordos/", agreement_views.of_debtor, name="debtor_agreements"),
    path("<slug:kind>/", contact_views.contacts, name="contacts"),
    path("<slug:kind>/novo/", contact_views.add, name="add_contact"),
]
contract_urls = [
    path("parcelas/<slug:part>/", views.installments, name="installments"),
    path("parcela/<int:number>/", views.installment, name="installment"),
]
payment_urls = [
    path("estornar/", agreement_views.reverse_payment, name="agreement_reverse"),
    path("recibo/", document_views.payment_receipt, name="agreement_receipt"),
]
agreement_urls: list[URLPattern | URLResolver] = [
    path("", agreement_views.agreement, name="agreement"),
    path("memoria/", agreement_views.statement, name="agreement_statement"),
    path(
        "documentos/<slug:document>/",
        document_views.agreement_document,
        name="agreement_document",
    ),
    path("parcelas/<int:parcel_id>/baixar/", agreement_views.pay, name="agreement_pay"),
    path("pagamentos/<int:payment_id>/", include(payment_urls)),
    path("enviar/", document_views.send_agreement_document, name="send_agreement_document"),
    path("<slug:action>/", agreement_views.act, name="agreement_action"),
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
    path("acordos/", agreement_views.agreements, name="agreements"),
    path("acordos/<int:agreement_id>/", include(agreement_urls)),
    path("contratos/<int:contract_id>/", include(contract_urls)),
    path("contatos/<slug:kind>/<int:contact_id>/", include(contact_urls)),
]

urlpatterns = [path("telecobranca/", include(desk_urls))]
