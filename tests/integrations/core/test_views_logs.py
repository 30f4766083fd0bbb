"""Log Integração (Gerais): the filters, a long log, and who sees whom a call is about."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django_scopes import scope

from cobranca.common import paging
from integrations.core import selectors
from integrations.core.models import IntegrationLog

# 22:30 of the 19th in São Paulo, the 20th in Greenwich.
EVENING = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
LOGS = "integrations:logs"


@pytest.fixture(autouse=True)
def that_evening():
    with time_machine.travel(EVENING, tick=False):
        yield


def make_log(agency, **fields):
    facts = {
        "at": EVENING,
        "kind": "SiengeApi",
        "method": "BuscarDivida",
        "verb": "GET",
        "url": "u",
    }
    with scope(agency=agency):
        return IntegrationLog.objects.create(agency=agency, **(facts | fields))


def found(client, **filters):
    response = client.get(reverse(LOGS), filters)
    return [log.pk for log in response.context["logs"]]


@pytest.fixture
def client(client_for, supervisor):
    return client_for(supervisor)


def test_a_day_is_the_offices_day(agency, client):
    evening = make_log(agency)
    make_log(agency, at=EVENING + timedelta(hours=2))

    assert found(client, start="2026-11-19", end="2026-11-19") == [evening.pk]


def test_calls_are_found_by_each_filter(agency, other_agency, client):
    read = make_log(agency, contract="295")
    write = make_log(
        agency,
        method="GravarReparcelamento",
        verb="POST",
        url="https://erp/remade",
        error="recusou",
    )
    make_log(other_agency, contract="295")

    assert found(client, terms="295") == [read.pk]
    assert found(client, terms="remade") == [write.pk]
    assert found(client, terms="RECUSOU") == [write.pk]
    assert found(client, method="GravarReparcelamento") == [write.pk]
    assert found(client, only_errors="on") == [write.pk]
    assert found(client, start="2026-11-19", terms="295 remade") == []


def test_the_filters_offer_what_occurs_here(agency, other_agency, client):
    for method in ("B", "A", "B"):
        make_log(agency, method=method)
    make_log(agency, kind="BancoCentralApi", method="C")
    make_log(other_agency, method="D")

    kinds, methods = selectors.log_choices(agency)

    assert (kinds, methods) == (["BancoCentralApi", "SiengeApi"], ["A", "B", "C"])


def test_a_long_log_says_that_there_is_more(agency, client, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    for _ in range(3):
        make_log(agency)

    html = client.get(reverse(LOGS)).content.decode()

    assert "1–2 de mais de 2 chamadas" in html


PERSONAL = {
    "url": "https://erp/customers?cpf=52998224725",
    "request": 'PUT https://erp/customers/1/phones\n{"number":"48999991111"}',
    "response": '{"name":"MARIA EXEMPLO","id":7}',
}
TOLD = ("52998224725", "48999991111", "MARIA")


@pytest.mark.parametrize("who", ["supervisor", "auditor"])
def test_personal_data_is_masked_for_who_does_not_set_the_integration_up(
    request, agency, client_for, api_for, who
):
    user, log = request.getfixturevalue(who), make_log(agency, **PERSONAL)

    page = client_for(user).get(reverse("integrations:log_detail", args=[log.pk]))
    shown = page.content.decode() + client_for(user).get(reverse(LOGS)).content.decode()
    shown += api_for(user).get(f"/api/v1/integration-logs/{log.pk}/").content.decode()

    assert not [told for told in TOLD if told in shown]
    assert "Dados pessoais estão ocultos" in shown
    assert "7" in page.context["log"].response


def test_an_implementer_sees_the_whole_call(agency, client_for, api_for, implementer):
    log = make_log(agency, **PERSONAL)

    page = client_for(implementer).get(reverse("integrations:log_detail", args=[log.pk]))
    api = api_for(implementer).get(f"/api/v1/integration-logs/{log.pk}/").json()

    assert all(told in page.content.decode() for told in TOLD)
    assert api["response"] == PERSONAL["response"]
