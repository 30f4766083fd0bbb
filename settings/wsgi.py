"""The web process."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from cobranca.common.patience import limit_waiting
from settings.env import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")
application = get_wsgi_application()
# People are told after so many milliseconds that a load is writing; workers wait for their turn.
limit_waiting(env.int("WEB_LOCK_TIMEOUT_MS", 5000))
# Loads every view now, once, before the processes fork: no first visitor waits for it.
get_resolver().url_patterns  # noqa: B018
