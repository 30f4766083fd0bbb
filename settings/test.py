"""Settings of the tests: the development ones, made quick and deterministic."""

import os

from settings.env import BASE_DIR

# Tests keep a server and files of their own; processes that they start inherit this.
os.environ.setdefault("COBRANCA_HOME", str(BASE_DIR / ".local" / "test"))

from settings.dev import *  # noqa: F403
from settings.dev import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A test's database may be lost with the machine; waiting for the disk would only cost time, but
# for a test that pulls the server away to see what was kept.
COMMIT = os.environ.get("TEST_SYNCHRONOUS_COMMIT", "off")
DATABASES["default"]["OPTIONS"]["options"] = f"-c synchronous_commit={COMMIT}"
CELERY_BROKER_URL = "memory://"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,30/5m/ip"}
