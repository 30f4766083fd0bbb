"""A desk of its own, a debtor's late contract, and nothing to wait for."""

import pytest

from integrations.core.operations import Pace, pace
from tests.flows.agreeing import at_the_desk, late_contract, make_campaign, make_supervisor


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """Wait for nothing: an answer that lags is looked for again at once."""
    monkeypatch.setattr(pace, "PACE", Pace(sleep=lambda seconds: None))


@pytest.fixture
def desk(office):
    office.load(full=True)
    make_campaign(office)
    with at_the_desk(office):
        yield office


@pytest.fixture
def actor(desk):
    return make_supervisor(desk)


@pytest.fixture
def contract(desk):
    return late_contract(desk)
