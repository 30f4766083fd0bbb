"""Addresses of the queues' configuration."""

from django.urls import path

from cobranca.telecobranca import queue_admin_views as views

queue_urls = [
    path("", views.queue_list, name="queues"),
    path("nova/", views.new_queue, name="new_queue"),
    path("ordenar/", views.rank_now, name="rank_queue"),
    path("<int:queue_id>/", views.edit_queue, name="queue"),
    path("<int:queue_id>/mover/", views.move_queue, name="move_queue"),
    path("<int:queue_id>/excluir/", views.delete_queue, name="delete_queue"),
]
