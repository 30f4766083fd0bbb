"""The web process."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")
application = get_wsgi_application()
# Loads every view now, once, before the processes fork: no first visitor waits for it.
get_resolver().url_patterns  # noqa: B018
