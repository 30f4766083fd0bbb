"""Is the process up, can it work, and what is waiting: numbers only, never names."""

from collections.abc import Callable, Mapping
from functools import cache

from celery import current_app
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

Fact = Callable[[], Mapping[str, float | None]]

# What the rooms above have to tell, by name: ages in seconds, and counts.
_FACTS: dict[str, Fact] = {}
BROKER_SECONDS = 2


def register_fact(name: str, fact: Fact) -> None:
    """Have `fact` told by /health/ready and, as gauges, by /metrics."""
    _FACTS[name] = fact


def facts() -> dict[str, dict[str, float | None]]:
    """Return every registered fact as it is now."""
    return {name: dict(fact()) for name, fact in _FACTS.items()}


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    if not _are_migrations_applied():
        _are_migrations_applied.cache_clear()  # only a yes is worth remembering
        raise RuntimeError("unapplied migrations")


@cache
def _are_migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> None:
    shared_cache.set("health", "ok", 60)
    if shared_cache.get("health") != "ok":
        raise RuntimeError("the cache forgets")


def _broker() -> None:
    with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "broker": _broker,
}


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001  whatever fails, the probe has to answer
        return type(error).__name__  # the message may hold an address or a user
    return "ok"


def live(request: HttpRequest) -> JsonResponse:
    """Answer that the process is up; touches nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything a page needs is there, else 503 and what is missing."""
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    is_ready = set(checks.values()) == {"ok"}
    body = {"status": "ok" if is_ready else "unavailable", "checks": checks, "facts": _told()}
    return JsonResponse(body, status=200 if is_ready else 503)


def _told() -> dict[str, dict[str, float | None]]:
    try:
        return facts()
    except DatabaseError:
        return {}
