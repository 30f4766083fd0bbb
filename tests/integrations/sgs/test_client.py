"""The client against the simulated bank over HTTP: what comes, what goes wrong, what is logged."""

from datetime import date

import pytest

from integrations.core import http
from integrations.core.budget import CallBudget, Timing
from integrations.core.calls import Caller, CallJournal
from integrations.core.errors import ConfigError, PermanentError, RetryableError
from integrations.core.http import HttpClient, UnreachableError
from integrations.core.models import IntegrationLog
from integrations.sgs.client import SgsClient
from integrations.sgs.config import LIMITS, LOG_KIND, PROVIDER, SYSTEM, SgsConfig
from integrations.sgs.months import Span
from tests.integrations.answering import Answer, Answering
from tests.integrations.sgs.bank import IGPM, INCC_M, SELIC

QUARTER = Span(date(2024, 1, 1), date(2024, 3, 1))


@pytest.fixture
def client_at(in_scope, settings):
    settings.INTEGRATION_FIRST_PAUSE = 0.001

    def make(url):
        journal = CallJournal(Caller(in_scope.pk, LOG_KIND))
        budget = CallBudget(in_scope.pk, SYSTEM, LIMITS)
        made = HttpClient(PROVIDER, None, journal, budget, timing=Timing(sleep=lambda _: None))
        return SgsClient(SgsConfig(url, date(1994, 7, 1)), made)

    return make


@pytest.fixture
def client(bank, client_at):
    return client_at(bank.url)


def test_whole_months_are_asked_for_and_come_as_they_are(bank, client):
    rows = client.values(IGPM, QUARTER)

    assert [row.value.data for row in rows] == ["01/01/2024", "01/02/2024", "01/03/2024"]
    assert bank.asked() == [("189", "01/01/2024 a 31/03/2024")]


def test_nobody_signs_in(client_at):
    with Answering(Answer(body=b"[]")) as server:
        client_at(server.url).values(IGPM, QUARTER)

    assert "Authorization" not in server.asked[0].headers
    assert server.asked[0].path == "/dados/serie/bcdata.sgs.189/dados"
    assert server.asked[0].query["formato"] == "json"


def test_the_call_is_in_the_log_of_the_agency(bank, client, in_scope):
    client.values(IGPM, QUARTER)

    log = IntegrationLog.objects.get()
    assert (log.agency, log.kind, log.method, log.status) == (
        in_scope, "BancoCentralApi", "ConsultarSerie", 200,
    )  # fmt: skip
    assert "bcdata.sgs.189" in log.url
    assert "01/01/2024" in log.response


def test_nothing_in_the_period_is_no_values(bank, client):
    assert client.values(INCC_M, Span(date(1980, 1, 1), date(1980, 12, 1))) == []
    assert IntegrationLog.objects.get().error == ""

    bank.fault("404", IGPM)
    assert client.values(IGPM, QUARTER) == []


@pytest.mark.parametrize(
    "fault",
    ["500", "503", "html", "cut-body", "truncated", "empty", "cut-before-headers", "429"],
)
def test_what_passes_is_tried_again(bank, client, fault):
    bank.fault(fault, count=2)

    assert len(client.values(IGPM, QUARTER)) == 3
    assert IntegrationLog.objects.count() == 3


@pytest.mark.parametrize("fault", ["500", "503", "html", "cut-body", "truncated", "empty"])
def test_what_lasts_is_an_error_and_never_an_empty_series(bank, client, fault):
    bank.fault(fault)

    with pytest.raises(RetryableError):
        client.values(IGPM, QUARTER)

    assert IntegrationLog.objects.exclude(error="").count() == 3


def test_a_silent_bank_is_left_in_time(bank, client, monkeypatch):
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.05)
    bank.fault("hang", seconds=3)

    with pytest.raises(RetryableError, match="O Banco Central não respondeu"):
        client.values(IGPM, QUARTER)


def test_nobody_there(client_at):
    with pytest.raises(UnreachableError):
        client_at("http://127.0.0.1:9").values(IGPM, QUARTER)


@pytest.mark.parametrize("status", [406, 400])
def test_a_refused_period_is_not_asked_for_twice(bank, client, status):
    bank.fault("refused-range", value=status)

    with pytest.raises(PermanentError, match=rf"série 189 \({status}\)"):
        client.values(IGPM, QUARTER)

    assert len(bank.asked()) == 1


def test_ten_years_are_within_the_rule_for_daily_series(client):
    assert client.values(SELIC, Span(date(2010, 1, 1), date(2019, 12, 1)))


def test_another_address(bank, client_at):
    with pytest.raises(ConfigError, match="confira a Url Api"):
        client_at(f"{bank.url}/outra").values(IGPM, QUARTER)
