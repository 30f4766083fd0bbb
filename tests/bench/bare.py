"""The least a Django view can do: one INSERT an answer, or so many bytes, by its own settings.

`gunicorn tests.bench.bare:application`, with DATABASE_URL; `create_table` comes before.
"""

import os
from typing import Any

import dj_database_url
import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

if not settings.configured and os.environ.get("BARE_VIEW"):
    settings.configure(
        DATABASES={"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60)},
        ROOT_URLCONF="tests.bench.bare",
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="bare",
        USE_TZ=True,
    )
    django.setup()

from django.db import connection, models
from django.urls import path


def bare_model() -> type[models.Model]:
    """Return the table: as plain as one gets."""
    meta = type("Meta", (), {"app_label": "bare", "db_table": "bench_bare"})
    fields: dict[str, Any] = {
        "body": models.TextField(),
        "received_at": models.DateTimeField(auto_now_add=True),
        "Meta": meta,
        "__module__": __name__,
    }
    return type("Bare", (models.Model,), fields)


Bare = bare_model()


def create_table() -> None:
    """Make the table in the bench's database."""
    with connection.schema_editor() as editor:
        editor.create_model(Bare)


def insert(request: HttpRequest) -> HttpResponse:
    """Insert one row."""
    Bare.objects.create(body=request.body.decode())  # type: ignore[attr-defined]
    return HttpResponse(b"ok", headers={"Content-Length": "2"})


def as_many(request: HttpRequest, number: int) -> HttpResponse:
    """Answer so many bytes."""
    return HttpResponse(b"x" * number, headers={"Content-Length": str(number)})


urlpatterns = [path("bare/", insert), path("bare/<int:number>/", as_many)]

if os.environ.get("BARE_VIEW"):
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
