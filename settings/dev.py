"""Development and `make demo`: everything works with nothing configured."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from settings.base import *  # noqa: F403
from settings.base import ALLOWED_HOSTS as GIVEN_HOSTS
from settings.base import EMAIL_URL as GIVEN_EMAIL
from settings.env import env, home
from settings.logs import configure


def _local_secret() -> str:
    """Return the secret of this checkout, made once and kept out of the repository."""
    path = home() / "secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", "") or _local_secret()
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", []) or [
    urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()
]
DEBUG = env.bool("DEBUG", False)
# The demonstration lets people in with a password; the profile offers the second factor.
REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", False)
ALLOWED_HOSTS = GIVEN_HOSTS or ["*"]
STATIC_ROOT = home() / "static"  # stays empty: files are served from where they are written
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
if GIVEN_EMAIL:
    globals().update(env.dj_email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = home() / "emails"
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = configure(json_lines=env.bool("LOG_JSON", False))
