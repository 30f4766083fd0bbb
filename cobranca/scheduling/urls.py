"""Addresses of Back Office › Tarefas."""

from django.urls import path

from cobranca.scheduling import views

app_name = "scheduling"
BASE = "backoffice/tarefas/"
urlpatterns = [
    path(BASE, views.tasks, name="tasks"),
    path(f"{BASE}execucao/", views.running, name="running"),
    path(f"{BASE}historico/", views.history, name="history"),
    path(f"{BASE}execucoes/<int:run_id>/", views.run_detail, name="run"),
    path(f"{BASE}nova/", views.new_task, name="new_task"),
    path(f"{BASE}<int:task_id>/", views.edit_task, name="task"),
    path(f"{BASE}<int:task_id>/ativar/", views.switch_task, name="switch_task"),
    path(f"{BASE}<int:task_id>/executar/", views.run_task, name="run_task"),
    path(f"{BASE}<int:task_id>/excluir/", views.delete_task, name="delete_task"),
]
