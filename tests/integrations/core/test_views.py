"""The back office's screens."""

import pytest
from celery import current_app
from django.urls import reverse
from django_scopes import scope
from kombu.exceptions import OperationalError

from integrations.core.models import ImportRun


@pytest.fixture
def no_broker(monkeypatch) -> None:
    def refuse(*_args, **_options) -> None:
        raise OperationalError("[Errno 111] Connection refused")

    monkeypatch.setattr(current_app, "send_task", refuse)
    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)


@pytest.mark.django_db(transaction=True)
def test_an_import_is_asked_for_though_the_broker_is_down(
    agency, creditor, implementer, client_for, no_broker
):
    page = reverse("integrations:import_new")

    answer = client_for(implementer).post(page, {"creditor": creditor.pk, "layout": "carga_sienge"})

    with scope(agency=agency):
        run = ImportRun.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("integrations:import_detail", args=[run.pk])
