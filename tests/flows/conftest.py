from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django_scopes import scope

from integrations.core import http
from integrations.core.budget import Timing
from integrations.core.runs import execution
from integrations.sienge import config
from tests.flows.office import Erp, Office, make_erp, make_office


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, and as often as a test likes: correctness does not depend on waiting."""
    monkeypatch.setattr(execution, "RETRY_DELAYS", (0, 0))
    monkeypatch.setattr(http, "Timing", lambda: Timing(sleep=lambda seconds: None))
    monkeypatch.setattr(config, "REST_PER_MINUTE", 100_000)
    monkeypatch.setattr(config, "BULK_PER_MINUTE", 100_000)


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database that stories commit to, each with an agency of its own; emptied after a module.

    Emptying it after each story, as pytest-django does, took longer than most stories.
    """
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def erp() -> Iterator[Erp]:
    running = make_erp()
    yield running
    running.stop()


@pytest.fixture
def office(erp: Erp, transactional_db: None) -> Iterator[Office]:
    made = make_office(erp)
    with scope(agency=made.agency):
        yield made
