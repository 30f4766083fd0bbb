# The product in one image: web, worker and beat differ only in their command (compose.yaml).
# The tag names the line that gets security fixes; rebuild to receive them.
FROM python:3.11-slim-bookworm AS packages

COPY requirements.txt .ci/requirements-dev.txt /build/
# uv itself comes from PyPI at the locked version; it does not reach the final image.
RUN python -m venv /build/uv \
    && /build/uv/bin/pip install --no-cache-dir --disable-pip-version-check \
        "uv==$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' /build/requirements-dev.txt)" \
    && python -m venv --without-pip /opt/venv \
    && /build/uv/bin/uv pip sync --no-cache --require-hashes \
        --python /opt/venv/bin/python /build/requirements.txt


FROM python:3.11-slim-bookworm

# WeasyPrint draws with Pango; the fonts are those of its documents.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-liberation2 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/cobranca cobranca

COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/cobranca
COPY manage.py ./
COPY settings settings
COPY cobranca cobranca
COPY integrations integrations
COPY templates templates
COPY static static

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=settings.production \
    COBRANCA_HOME=/var/lib/cobranca \
    PROMETHEUS_MULTIPROC_DIR=/dev/shm

# Static files need no database and no secret; production's settings insist on having them.
RUN DATABASE_URL=postgresql://build@127.0.0.1/build \
    CELERY_BROKER_URL=redis://127.0.0.1/0 \
    SECRET_KEY=only-while-building-0123456789-abcdefghijklmnopqrstuvwxyz \
    FIELD_ENCRYPTION_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
    SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
    python manage.py collectstatic --noinput \
    && install --directory --owner cobranca /var/lib/cobranca/media

USER cobranca
EXPOSE 8000

# The web process answers it; compose.yaml turns it off for worker and beat, which have their own.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]

# --preload shares memory between the processes; SIGTERM lets requests end (30 s).
CMD ["gunicorn", "settings.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", \
     "--graceful-timeout", "30", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-"]
