"""People and things that tests speak of. An agency's rows are seen only within its scope."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope
from hypothesis import HealthCheck, settings
from knox.models import AuthToken
from rest_framework.test import APIClient

from cobranca.accounts.models import Agency, User
from cobranca.accounts.roles import AUDITOR, COLLECTOR, IMPLEMENTER, SUPERVISOR
from cobranca.creditors.models import Creditor
from cobranca.debtors.models import Debtor
from tests import factories, flushing

# Playwright runs an event loop in the thread of the test, where Django would refuse queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_COMMON = {
    "deadline": None,  # a shared machine is slow at times
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    "print_blob": True,
}
settings.register_profile("dev", max_examples=50, **_COMMON)
settings.register_profile("ci", max_examples=25, derandomize=True, **_COMMON)
settings.register_profile("nightly", max_examples=1000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

# Slow or jealous tests share one process each: Chromium, races that want the cores, and whole
# stories, which commit what they do.
GROUPS = ("browser", "concurrency", "flows")


def pytest_configure() -> None:
    """Pin the broker: Celery keeps its pool, and a test's own address would outlive the test.

    The environment goes before the configuration, so the pool is made here, before any test.
    """
    from settings.celery_app import app

    os.environ.pop("CELERY_BROKER_URL", None)
    app.conf["broker_url"] = app.conf.broker_url
    assert app.amqp.producer_pool


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and keep each jealous group on one xdist worker."""
    for item in items:
        for group in GROUPS:
            if group in item.path.parts:
                item.add_marker(getattr(pytest.mark, group))
            if item.get_closest_marker(group):
                item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the test database go at the end: the backend of a killed process lingers for a while."""
    with django_db_blocker.unblock():
        flushing.install()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def agency(db: None) -> Agency:
    return factories.make_agency("Assessoria Aurora")


@pytest.fixture
def other_agency(db: None) -> Agency:
    return factories.make_agency("Assessoria Boreal")


@pytest.fixture
def in_scope(agency: Agency) -> Iterator[Agency]:
    """Run the test within the agency's scope, as a request of its users would."""
    with scope(agency=agency):
        yield agency


@pytest.fixture
def implementer(agency: Agency) -> User:
    return factories.make_user(agency, IMPLEMENTER, "ines")


@pytest.fixture
def supervisor(agency: Agency) -> User:
    return factories.make_user(agency, SUPERVISOR, "sueli")


@pytest.fixture
def collector(agency: Agency) -> User:
    return factories.make_user(agency, COLLECTOR, "caio")


@pytest.fixture
def auditor(agency: Agency) -> User:
    return factories.make_user(agency, AUDITOR, "aurea")


@pytest.fixture
def stranger(other_agency: Agency) -> User:
    """An implementer, who may do everything, of another agency."""
    return factories.make_user(other_agency, IMPLEMENTER, "estranha")


@pytest.fixture
def creditor(agency: Agency) -> Creditor:
    return factories.make_creditor(agency, creditor_type="SIENGE", external_code="1")


@pytest.fixture
def debtor(agency: Agency) -> Debtor:
    return factories.make_debtor(agency)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """Return a browser in which a user is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def api_for() -> Callable[[User], APIClient]:
    """Return an API client with a token of a user."""

    def with_token(user: User) -> APIClient:
        _, token = AuthToken.objects.create(user)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    return with_token
