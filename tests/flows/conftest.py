from collections.abc import Iterator

import pytest
from django_scopes import scope

from integrations.core import http
from integrations.core.budget import Timing
from integrations.core.runs import execution
from tests.flows.office import Erp, Office, make_erp, make_office


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once: correctness does not depend on waiting."""
    monkeypatch.setattr(execution, "RETRY_DELAYS", (0, 0))
    monkeypatch.setattr(http, "Timing", lambda: Timing(sleep=lambda seconds: None))


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
