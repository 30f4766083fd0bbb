"""Production: everything from the environment; refuses to start with a weak or missing secret."""

import sentry_sdk
from cryptography.fernet import Fernet, MultiFernet
from django.core.exceptions import ImproperlyConfigured

from settings import sentry
from settings.base import *  # noqa: F403
from settings.base import DATABASES, FIELD_ENCRYPTION_KEYS, SENTRY_DSN, SITE_URL
from settings.env import env
from settings.logs import configure


def _required(name: str, least: int) -> str:
    """Return a variable that must be set and long enough to be a real secret."""
    value = env.str(name, "")
    if len(value) < least or value.startswith(("changeme", "insecure", "django-insecure")):
        raise ImproperlyConfigured(
            f"{name} ausente ou fraca: defina a variável {name} (ou {name}_FILE) "
            f"com pelo menos {least} caracteres."
        )
    return value


_required("DATABASE_URL", 12)
_required("CELERY_BROKER_URL", 8)
SECRET_KEY = _required("SECRET_KEY", 50)
_required("FIELD_ENCRYPTION_KEYS", 44)
try:
    MultiFernet([Fernet(key) for key in FIELD_ENCRYPTION_KEYS])
except ValueError as error:
    raise ImproperlyConfigured(
        "FIELD_ENCRYPTION_KEYS inválida: cada chave são 32 bytes em base64 (Fernet.generate_key)."
    ) from error
_required("SITE_URL", 8)
_required("ALLOWED_HOSTS", 1)
EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
globals().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = EMAIL_CONFIG["EMAIL_TIMEOUT"] or 30

DEBUG = False
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A browser takes a cookie of such a name only from this very host, over https.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
MFA_TRUST_COOKIE_NAME = "__Host-mfa_trusted"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "txt", "png", "woff2", "gz", "br"]
# The pool serves the web; Celery closes its connections after each task (celery#10554).
if env.bool("DATABASE_POOL", False):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8}
LOGGING = configure(json_lines=True)
if SENTRY_DSN:
    sentry_sdk.init(dsn=SENTRY_DSN, **sentry.options())
