"""Who may still call, what stops next, and when: in figures and in words."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django_scopes import scope

from cobranca.creditors import services as creditors
from integrations.core import outlook
from integrations.core.budget import CallBudget, Priority, Timing
from integrations.core.calls import BULK, REST
from integrations.core.models import CallUsage, IntegrationLog
from integrations.sienge import parameters
from integrations.sienge.config import limits_of_package
from tests.api import results

# Noon in São Paulo.
NOON = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
PAGE = "integrations:call_budget"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def free(agency, implementer):
    """An agency whose Sienge package allows 100 REST and 10 BULK calls a day."""
    with scope(agency=agency):
        creditors.set_parameter(parameters.PACKAGE, "Free", agency=agency, actor=implementer)
    return agency


def spend(agency, calls, priority=Priority.LOADS, *, at=NOON, pool=REST):
    timing = Timing(now=lambda: at, sleep=lambda _: None)
    budget = CallBudget(agency.pk, "sienge", limits_of_package("Free"), priority, timing)
    for _ in range(calls):
        budget.spend(pool)


def rest_of(agency, now=NOON):
    with scope(agency=agency):
        return outlook.outlook_of(agency, "sienge", now)[0]


def states(pool):
    return {share.priority.name: share.is_refused for share in pool.shares}


def test_without_a_package_only_the_minute_is_known(agency):
    rest = rest_of(agency)

    assert rest.state == "unknown"
    assert "Sem cota diária conhecida" in rest.sentence
    assert {share.cap for share in rest.shares} == {None}


def test_a_quiet_day_lasts(free):
    spend(free, 4, at=NOON - timedelta(hours=5))

    rest = rest_of(free)

    assert (rest.state, rest.last_hour, rest.pool.day_left) == ("ok", 0, 96)
    assert "para o dia todo" in rest.sentence


def test_the_present_pace_tells_when_each_priority_stops(free):
    spend(free, 20, at=NOON - timedelta(minutes=30))

    rest = rest_of(free)

    # 20 an hour: 60 calls are reached in two hours, 80 in three, 95 in 3 h 45 min, 100 in four.
    assert [f"{share.ends_at:%H:%M}" for share in rest.shares] == [
        "19:00",
        "18:45",
        "18:00",
        "17:00",
    ]
    assert rest.sentence == "No ritmo da última hora, às 14:00 para: Dados cadastrais."
    assert rest.state == "short"


def test_a_pace_that_lasts_beyond_midnight_ends_nothing(free):
    spend(free, 2, at=NOON - timedelta(minutes=30))

    assert rest_of(free).ends_at is None


def test_yesterdays_minutes_count_for_the_pace_and_its_day_does_not(free):
    midnight = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    spend(free, 30, at=midnight - timedelta(minutes=20))

    rest = rest_of(free, midnight + timedelta(minutes=10))

    assert (rest.last_hour, rest.pool.day_used) == (30, 0)


def test_what_stops_and_what_goes_on_is_said_in_words(free):
    spend(free, 80, at=NOON - timedelta(hours=3))

    rest = rest_of(free)

    assert states(rest) == {
        "PAYMENTS": False, "AGREEMENTS": False, "LOADS": True, "REGISTRATION": True,
    }  # fmt: skip
    assert rest.sentence == (
        "Parado até amanhã: Cargas, Dados cadastrais. Continua: Pagamentos e conferências, Acordos."
    )


def test_a_day_that_the_erp_closed_is_over_for_all(free):
    CallBudget(free.pk, "sienge", limits_of_package("Free")).close_day(REST)

    rest = rest_of(free)

    assert rest.state == "spent"
    assert all(share.is_refused for share in rest.shares)
    assert rest.sentence == (
        "Acabou por hoje: o próprio ERP recusou mais chamadas. Volta em 20/11/2026 às 00:00."
    )


def log(agency, method, error="", at=NOON):
    with scope(agency=agency):
        IntegrationLog.objects.create(
            agency=agency, at=at, kind="SiengeApi", method=method, verb="GET", url="x", error=error
        )


def test_who_calls_most_today_is_named(free, other_agency):
    for _ in range(3):
        log(free, "ConsultarExtratoCliente")
    log(free, "BuscarDivida", error="fora do ar")
    log(free, "BuscarDivida", at=NOON - timedelta(days=1))
    log(other_agency, "OutraAssessoria")

    with scope(agency=free):
        told = outlook.system_outlook(free, "sienge", NOON)

    assert [(each.method, each.calls, each.errors) for each in told.spenders] == [
        ("ConsultarExtratoCliente", 3, 0),
        ("BuscarDivida", 1, 1),
    ]


def test_another_agencys_calls_are_its_own(free, other_agency):
    spend(free, 80)

    assert rest_of(other_agency).pool.day_used == 0


# --- the page, the command, the API ---------------------------------------------------------------


def test_the_page_says_what_is_left_and_what_stopped(free, supervisor, client_for):
    spend(free, 80, at=NOON - timedelta(hours=3))
    spend(free, 2, Priority.PAYMENTS, at=NOON - timedelta(hours=3), pool=BULK)
    log(free, "ConsultarExtratoCliente")

    html = client_for(supervisor).get(reverse(PAGE)).content.decode()

    assert "Parado até amanhã: Cargas, Dados cadastrais." in html
    assert html.count("Parada") == 2
    assert "ConsultarExtratoCliente" in html
    assert "12:00" in html


@pytest.mark.parametrize(
    "page", ["integrations:imports", "integrations:logs", "creditors:onboarding"]
)
def test_the_first_pages_warn_of_a_quota_that_ends(free, implementer, client_for, page):
    client = client_for(implementer)
    assert "Cota de chamadas Sienge REST" not in client.get(reverse(page)).content.decode()

    spend(free, 80, at=NOON - timedelta(hours=3))

    html = client.get(reverse(page)).content.decode()
    assert "Cota de chamadas Sienge REST: Parado até amanhã" in html


def test_a_collector_is_neither_warned_nor_let_in(free, collector, client_for):
    spend(free, 80)
    client = client_for(collector)

    assert client.get(reverse(PAGE)).status_code == 403
    assert "Cota de chamadas" not in client.get(reverse("telecobranca:search")).content.decode()


def test_the_api_tells_the_same(free, supervisor, api_for):
    spend(free, 80, at=NOON - timedelta(hours=3))

    told = {row["system"]: row for row in results(api_for(supervisor), "/api/v1/call-budgets/")}

    rest, bulk = told["sienge"]["pools"]
    assert (rest["state"], rest["day_left"], bulk["day_left"]) == ("short", 20, 10)
    assert rest["shares"][2] == {
        "priority": "loads", "label": "Cargas", "percent": 80, "spent": 80, "cap": 80, "left": 0,
        "refused": True, "ends_at": None,
    }  # fmt: skip
    assert told["sgs"]["pools"][0]["state"] == "unknown"


def test_the_command_tells_it_and_ends_well_while_payments_may_call(free, creditor):
    spend(free, 80, at=NOON - timedelta(hours=3))
    told, machine = io.StringIO(), io.StringIO()

    call_command("call_budget", creditor=creditor.pk, stdout=told)
    call_command("call_budget", creditor=creditor.pk, json=True, stdout=machine)

    assert "Cargas: 80 hoje, restam 0, PARADA" in told.getvalue()
    assert json.loads(machine.getvalue())["pools"][0]["day_left"] == 20


def test_the_command_fails_when_nothing_may_call(free, creditor):
    spend(free, 100, Priority.PAYMENTS)

    with pytest.raises(SystemExit) as ended:
        call_command("call_budget", creditor=creditor.pk, stdout=io.StringIO())

    assert ended.value.code == 1


def test_the_page_costs_the_same_on_any_day(
    free, supervisor, client_for, django_assert_num_queries
):
    client = client_for(supervisor)
    client.get(reverse(PAGE))
    with scope(agency=free):
        CallUsage.objects.bulk_create(
            CallUsage(
                agency=free,
                system="sienge",
                pool=REST,
                window=f"2026-11-19 {minute // 60:02}:{minute % 60:02}",
                used=1,
            )
            for minute in range(720)
        )

    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse(PAGE))


PAGE_QUERIES = 9


def test_a_package_is_read_on_its_own_day(free):
    spend(free, 100, Priority.PAYMENTS)

    tomorrow = NOON + timedelta(days=1)

    assert rest_of(free, tomorrow).pool.day_left == 100
    assert rest_of(free, tomorrow).pool.resets_at.date() == date(2026, 11, 21)
