"""A client of a tiny server, with a clock that only moves when somebody waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cobranca.accounts.models import Agency
from integrations.core.budget import CallBudget, Limits, PoolLimit, Priority, Timing
from integrations.core.calls import BULK, REST, Call, Caller, CallJournal
from integrations.core.http import HttpClient, Patience

# Noon in São Paulo, twenty seconds into a minute.
NOON = datetime(2026, 11, 19, 15, 0, 20, tzinfo=UTC)
PLENTY: Limits = {REST: PoolLimit(1_000), BULK: PoolLimit(1_000)}
# Outside Latin-1, with everything that an address or JSON would spell otherwise.
PASSWORD = 's3nh@ "é" ☂ / secreta'


@dataclass
class Patient:
    """Waits by moving its own clock, and remembers how long."""

    at: datetime = NOON
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)

    @property
    def timing(self) -> Timing:
        return Timing(now=lambda: self.at, sleep=self.sleep)


@pytest.fixture
def patient() -> Patient:
    return Patient()


@pytest.fixture
def make_budget(agency: Agency, patient: Patient) -> Callable[..., CallBudget]:
    def make(limits: Limits = PLENTY, priority: Priority = Priority.LOADS) -> CallBudget:
        return CallBudget(agency.pk, "erp", limits, priority, patient.timing)

    return make


@pytest.fixture
def make_http(agency: Agency, patient: Patient, make_budget: Any) -> Callable[..., HttpClient]:
    def make(budget: CallBudget | None = None, patience: Patience | None = None) -> HttpClient:
        caller = Caller(agency.pk, "ErpApi", "usuario-api", (PASSWORD,))
        return HttpClient(
            "Sienge",
            (caller.user, PASSWORD),
            CallJournal(caller, patient.timing.now),
            budget or make_budget(),
            patience=patience,
            timing=patient.timing,
        )

    return make


@pytest.fixture
def http(make_http: Callable[..., HttpClient]) -> HttpClient:
    return make_http()


def call_to(url: str, **facts: Any) -> Call:
    return Call("ListarCoisas", f"{url}/coisas", "Coisas", **facts)
