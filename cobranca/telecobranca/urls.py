"""Addresses of the collector's desk."""

from django.urls import URLPattern, URLResolver, include, path

from cobranca.telecobranca import (
    agenda_views,
    agreement_views,
    bar_views,
    calculation_views,
    contact_views,
    document_views,
    erp_views,
    queue_views,
    record_views,
    views,
)
from cobranca.telecobranca.queue_urls import queue_urls
from cobranca.telecobranca.team_urls import team_urls

app_name = "telecobranca"

calculation_urls = [
    path("", calculation_views.page, name="calculation"),
    path("quadro/", calculation_views.answer, name="calculation_answer"),
    path("erp/", calculation_views.erp, name="calculation_erp"),
    path("passo/", calculation_views.explain, name="calculation_step"),
    path("campanha/", calculation_views.why_campaign, name="calculation_campaign"),
    path("memoria/", calculation_views.statement, name="statement"),
    path("memoria.pdf", document_views.statement_pdf, name="statement_pdf"),
    path("demonstrativo.pdf", document_views.debt_statement_pdf, name="debt_statement_pdf"),
    path("demonstrativo/enviar/", document_views.send_debt_statement, name="send_debt_statement"),
    path("salvar/", calculation_views.save, name="calculation_save"),
]
record_urls = [
    path("", record_views.ways, name="contact_ways"),
    path("pedir/", record_views.ask, name="ask_contact"),
    path("recebido/", record_views.received, name="contact_received"),
    path("registrar/", record_views.record, name="record_contact"),
]
callback_urls = [
    path("feito/", agenda_views.finish, name="callback_done"),
    path("cancelar/", agenda_views.cancel, name="callback_cancel"),
    path("reagendar/", agenda_views.reschedule, name="callback_reschedule"),
]
debtor_urls: list[URLPattern | URLResolver] = [
    path("", views.debtor, name="debtor"),
    path("dados/", views.details_tab, name="details"),
    path("produtos/", views.products_tab, name="products"),
    path("sincronizacao/", erp_views.sync, name="debtor_sync"),
    path("contratos/", erp_views.book, name="debtor_contracts"),
    path("contratos/finalizados/", views.finished, name="finished_contracts"),
    path("eventos/", views.timeline, name="timeline"),
    path("eventos/novo/", views.add_note, name="add_note"),
    path("calculo/", include(calculation_urls)),
    path("acordos/", agreement_views.of_debtor, name="debtor_agreements"),
    path("fila/", queue_views.held, name="held"),
    path("fila/devolver/", queue_views.release, name="queue_release"),
    path("fila/por-que/", queue_views.why, name="queue_why"),
    path("tratativas/", agenda_views.of_debtor, name="debtor_dealings"),
    path("contato/", include(record_urls)),
    path("<slug:kind>/", contact_views.contacts, name="contacts"),
    path("<slug:kind>/novo/", contact_views.add, name="add_contact"),
]
contract_urls = [
    path("extrato/", erp_views.paper, name="mail_paper"),
    path("parcelas/<slug:part>/", views.installments, name="installments"),
    path("parcela/<int:number>/", views.installment, name="installment"),
]
installment_urls = [
    path("", erp_views.second_copy, name="second_copy"),
    path("boleto.pdf", erp_views.second_copy_pdf, name="second_copy_pdf"),
    path("enviar/", erp_views.mail_second_copy, name="mail_second_copy"),
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
    path("busca/", bar_views.quick_search, name="quick_search"),
    path("barra/", bar_views.bar, name="bar"),
    path("carteira/", views.portfolio_figures, name="portfolio"),
    path("devedores/<int:debtor_id>/", include(debtor_urls)),
    path("acordos/", agreement_views.agreements, name="agreements"),
    path("acordos/<int:agreement_id>/", include(agreement_urls)),
    path("contratos/<int:contract_id>/", include(contract_urls)),
    path("parcelas/<int:installment_id>/segunda-via/", include(installment_urls)),
    path("contatos/<slug:kind>/<int:contact_id>/", include(contact_urls)),
    path("fila/proximo/", queue_views.next_debtor, name="next"),
    path("filas/", include(queue_urls)),
    path("agenda/", agenda_views.agenda, name="agenda"),
    path("retornos/<int:callback_id>/", include(callback_urls)),
    path("promessas/<int:promise_id>/cancelar/", agenda_views.cancel_one, name="promise_cancel"),
]

urlpatterns = [path("telecobranca/", include(desk_urls)), path("equipe/", include(team_urls))]
