"""Hostile requests by the thousand: documented answers only, nothing stored twice.

CI sends 1,500; INTAKE_FUZZ=20000 sends as many as the issue asks for (INTAKE_SEED: others).
"""

import io
import os
from collections import Counter

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django_scopes import scopes_disabled

from integrations.core.models import WebhookDelivery, WebhookRefusal
from tests.integrations.core.inbox import hostile, tiny

pytestmark = pytest.mark.django_db
NUMBER = int(os.environ.get("INTAKE_FUZZ", "1500"))
SEED = int(os.environ.get("INTAKE_SEED", "15"))
DOCUMENTED = {200, 400, 401, 404, 405, 411, 413}  # views_intake says when


def ask(handler: WSGIHandler, request: hostile.Hostile) -> int:
    """Hand a request to the product as a WSGI server would; return the status."""
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path.encode("utf-8", "replace").decode("latin-1"),
        "SCRIPT_NAME": "",
        "QUERY_STRING": "IdAssessoria=%00",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "HTTP_HOST": "testserver",
        **request.environ,
    }
    told: list[str] = []
    response = handler(environ, lambda status, headers: told.append(status))
    b"".join(response)
    return int(told[0].split()[0])


@pytest.fixture
def handler(monkeypatch) -> WSGIHandler:
    # The test's transaction must outlive the request, as its connection does.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    return WSGIHandler()


def test_nothing_hostile_brings_the_door_down(agency, subscription, handler):
    makers = hostile.requests(SEED, agency.pk)
    sent = [next(makers) for _ in range(NUMBER)]

    answers = Counter(ask(handler, request) for request in sent)

    assert set(answers) <= DOCUMENTED, answers
    assert set(answers) == DOCUMENTED, "each answer should have been met"
    with scopes_disabled():
        rows = list(WebhookDelivery.objects.all())
        refused = sum(WebhookRefusal.objects.values_list("count", flat=True))
    assert answers[200] == sum(1 + row.repeats for row in rows)
    assert len({row.key for row in rows}) == len(rows)
    assert refused == sum(answers[status] for status in (400, 401, 411, 413))
    assert all("\0" not in row.body and tiny.TOKEN not in row.body for row in rows)
