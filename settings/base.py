"""Settings shared by every environment; dev, test and production only differ in few lines."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from settings import csp, rest
from settings.env import BASE_DIR, env, home
from settings.unfold import UNFOLD  # noqa: F401

COBRANCA_HOME = home()
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
DEBUG = False

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "simple_history",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "csp",
    "django_celery_beat",
    "django_prometheus",
    "django_structlog",
    "cobranca.common",
    "cobranca.accounts",
    "cobranca.audit",
    "cobranca.outbox",
    "cobranca.scheduling",
    "cobranca.creditors",
    "cobranca.debtors",
    "cobranca.contracts",
    "cobranca.campaigns",
    "cobranca.agreements",
    "cobranca.dunning",
    "cobranca.reports",
    "cobranca.telecobranca",
    "integrations.core",
    "integrations.sgs",
    "integrations.sienge",
]

MIDDLEWARE = [
    "cobranca.common.probes.ProbeMiddleware",
    "integrations.core.intake_middleware.IntakeMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "cobranca.common.plain_http.PlainHttpMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cobranca.common.csp.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "cobranca.accounts.session_middleware.SessionLimitMiddleware",
    "cobranca.accounts.middleware.AgencyScopeMiddleware",
    "cobranca.accounts.viewing_middleware.ViewerMiddleware",
    "cobranca.accounts.two_factor_middleware.TwoFactorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "cobranca.debtors.redirects.MergedDebtorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "settings.urls"
WSGI_APPLICATION = "settings.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cobranca.accounts.context.shell",
            ],
            "builtins": [
                "cobranca.common.templatetags.br",
                "cobranca.common.templatetags.steady",
            ],
        },
    },
    # The parts of the page that collectors open all day (decision 0011).
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "compiled"],
        "OPTIONS": {
            "environment": "cobranca.common.compiled.environment",
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "cobranca.accounts.context.shell",
            ],
        },
    },
]


def database_url() -> str:
    """Return DATABASE_URL or, when it is unset, the embedded server's."""
    given = env.str("DATABASE_URL", "")
    if given:
        return given
    if env.str("DJANGO_SETTINGS_MODULE", "").endswith("production"):
        raise ImproperlyConfigured("DATABASE_URL ausente: defina o endereço do PostgreSQL.")
    from settings.embedded import database_url as embedded_url

    return embedded_url(home())


def embedded_broker(database: dict[str, Any]) -> str:
    """Return kombu's transport on our own PostgreSQL; a socket's folder fits only in the query."""
    server = {"host": database["HOST"], "port": database["PORT"]}
    query = urlencode({name: value for name, value in server.items() if value})
    user = ":".join(quote(part, safe="") for part in (database["USER"], database["PASSWORD"]))
    return f"sqla+postgresql+psycopg://{user}@/{quote(database['NAME'])}?{query}"


DATABASE_URL = database_url()
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)
}
# Only `common.prepared` sends values apart from the text: PostgreSQL keeps their plans.
DATABASES["default"]["OPTIONS"] = {"application_name": "cobranca", "prepare_threshold": 3}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        # Shared by all processes, so that sign-in throttling counts once.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Sign-in limits and API throttles live here: room for one row a user and window.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cobranca.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "cobranca.accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cobranca.accounts.adapter.ClosedSignUpAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,30/5m/ip", "login": "60/m/ip"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Whoever may change settings signs in with a second factor; development leaves it to them.
REQUIRE_TWO_FACTOR: bool = env.bool("REQUIRE_TWO_FACTOR", True)
MFA_ADAPTER = "cobranca.accounts.two_factor_adapter.TwoFactorAdapter"
MFA_FORMS = {"activate_totp": "cobranca.accounts.two_factor_adapter.ActivateForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Cobrança"
MFA_TOTP_TOLERANCE = 0
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody signs up: an address that nobody verified was typed by an implementer.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=env.int("TRUST_BROWSER_DAYS", 14))
SESSION_ENGINE = "cobranca.accounts.session_store"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 10) * 3600
SESSION_IDLE_MINUTES: int = env.int("SESSION_IDLE_MINUTES", 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português (Brasil)")]
TIME_ZONE = "America/Sao_Paulo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "cobranca.common.formats"
LOCALE_PATHS = [BASE_DIR / "cobranca" / "common" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = COBRANCA_HOME / "media"

# Old keys stay at the end of the list until everything was written again with the first.
FIELD_ENCRYPTION_KEYS: list[str] = env.list("FIELD_ENCRYPTION_KEYS", [])

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or embedded_broker(DATABASES["default"])
# What nobody heard of is found by the sweeper within a minute: nobody waits for a broker.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    **({"socket_connect_timeout": 2} if CELERY_BROKER_URL.startswith("redis") else {}),
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TRACK_STARTED = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 15
CELERY_BEAT_SYNC_EVERY = 1  # so that the last tick on /health/ready is the last one
DJANGO_CELERY_BEAT_TZ_AWARE = True
DJANGO_STRUCTLOG_CELERY_ENABLED = True

REST_FRAMEWORK = rest.REST_FRAMEWORK
REST_KNOX = rest.REST_KNOX
SPECTACULAR_SETTINGS = rest.SPECTACULAR_SETTINGS

EMAIL_URL = env.str("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "nao-responda@localhost")

CONTENT_SECURITY_POLICY = csp.CONTENT_SECURITY_POLICY
CSP_ADMIN_ADDITIONS = csp.ADMIN_ADDITIONS

DEFAULT_EXCEPTION_REPORTER_FILTER = "cobranca.common.error_reports.NamesOnlyFilter"
SENTRY_DSN = env.str("SENTRY_DSN", "")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A campaign with many brackets is one form: each has some twenty fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"
