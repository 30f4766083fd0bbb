"""Two people press “Criar webhooks” at once: each hook is created once.

With its negative control: without taking turns each takes the other's for spare ones.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests
from django_scopes import scope

from cobranca.common.errors import DomainError
from integrations.core import hooks
from integrations.sandbox.running import start
from integrations.sienge import parameters as p
from integrations.sienge.hooks import WANTED
from tests import factories
from tests.concurrency.rivals import contest, refusal_of, winners
from tests.flows.office import Erp
from tests.integrations.sienge.office import configure

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
AUTH = ("construtora-cobranca", "sandbox-sienge")


@pytest.fixture
def erp() -> Iterator[Erp]:
    made = Erp(start("sienge", contracts=2, customers=3, companies=1, on=date(2026, 11, 19)))
    made.fault("slow", "/api/v1/hooks", method="GET", seconds=0.3)
    yield made
    made.stop()


@pytest.fixture
def company(agency, erp):
    with scope(agency=agency):
        made = factories.make_creditor(agency, creditor_type="SIENGE", external_code="1")
        configure(agency, {p.USER: AUTH[0], p.PASSWORD: AUTH[1], p.API_ADDRESS: erp.api_url})
        hooks.told(made)
        return made


def there(erp: Erp) -> int:
    answer = requests.get(f"{erp.api_url}/hooks", auth=AUTH, timeout=10)
    return len(answer.json()["results"])


def press(creditor: Any) -> Any:
    return lambda: hooks.install_hooks(creditor=creditor, actor=None, now=NOW)


def test_whoever_comes_second_is_told_so(agency, company, erp):
    outcome = contest(agency, press(company), press(company))

    assert winners(outcome) == 1
    assert "Alguém está mexendo" in refusal_of(outcome)
    assert there(erp) == len(WANTED)


def test_without_taking_turns_they_spoil_each_others_work(agency, company, erp, monkeypatch):
    monkeypatch.setattr(hooks, "_alone", lambda _: nullcontext())

    outcome = contest(agency, press(company), press(company))

    assert not any(isinstance(each, DomainError) for each in outcome)
    assert there(erp) != len(WANTED)
