"""Addresses of the back office and its logs."""

from django.urls import path

from integrations.core import (
    views,
    views_budget,
    views_hooks,
    views_logs,
    views_operations,
    views_webhooks,
)

app_name = "integrations"
IMPORTS = "backoffice/importacoes/"

urlpatterns = [
    path(IMPORTS, views.imports_list, name="imports"),
    path(IMPORTS + "nova/", views.import_new, name="import_new"),
    path(IMPORTS + "<int:run_id>/", views.import_detail, name="import_detail"),
    path(IMPORTS + "<int:run_id>/andamento/", views.import_progress, name="import_progress"),
    path(IMPORTS + "<int:run_id>/confirmar/", views.import_confirm, name="import_confirm"),
    path(IMPORTS + "<int:run_id>/cancelar/", views.import_cancel, name="import_cancel"),
    path(IMPORTS + "<int:run_id>/criticas.csv", views.issues_csv, name="issues_csv"),
    path(IMPORTS + "<int:run_id>/criticas.xlsx", views.issues_xlsx, name="issues_xlsx"),
    path("backoffice/gravacoes-erp/", views_operations.operations, name="operations"),
    path(
        "backoffice/gravacoes-erp/<int:operation_id>/",
        views_operations.operation_detail,
        name="operation_detail",
    ),
    path("logs/integracao/", views_logs.logs, name="logs"),
    path("logs/integracao/<int:log_id>/", views_logs.log_detail, name="log_detail"),
    path("logs/webhooks/", views_webhooks.deliveries, name="webhooks"),
    path("logs/webhooks/recusados/", views_webhooks.refusals, name="webhook_refusals"),
    path("logs/webhooks/<int:delivery_id>/", views_webhooks.delivery, name="webhook"),
    path("logs/webhooks/<int:delivery_id>/repetir/", views_webhooks.retry, name="webhook_retry"),
    path(
        "logs/webhooks/<int:delivery_id>/descartar/", views_webhooks.discard, name="webhook_discard"
    ),
    path("integracoes/cota/", views_budget.call_budget, name="call_budget"),
    path("integracoes/<int:creditor_id>/conexao/", views.connection, name="connection"),
    path("integracoes/<int:creditor_id>/webhooks/", views_hooks.webhooks, name="hooks"),
]
