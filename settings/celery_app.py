"""The worker and beat processes."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

# manage.py, `make demo` and the tests name theirs before this is imported.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

app = Celery("cobranca")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Django configured the logs already; Celery must not put its own in their place."""
