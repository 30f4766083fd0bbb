"""Calls counted together by every process: minutes waited for, days kept for what matters."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django_scopes import scope

from integrations.core import budget
from integrations.core.budget import (
    CallBudget,
    PoolLimit,
    Priority,
    budget_left,
    forget_usage,
    register_limits,
)
from integrations.core.calls import BULK, REST
from integrations.core.errors import BudgetError
from integrations.core.models import CallUsage
from tests import factories
from tests.integrations.core.conftest import NOON

FREE = {REST: PoolLimit(195, 100), BULK: PoolLimit(18, 10)}


def spend_all(budget, pool=REST):
    spent = 0
    while True:
        try:
            budget.spend(pool)
        except BudgetError:
            return spent
        spent += 1


def test_a_full_minute_is_waited_out(make_budget, patient):
    budget = make_budget({REST: PoolLimit(3)})

    for _ in range(4):
        budget.spend(REST)

    assert patient.waits == [40]


def test_pools_and_agencies_do_not_share_their_minutes(make_budget, other_agency, patient):
    limits = {REST: PoolLimit(1), BULK: PoolLimit(1)}
    budget = make_budget(limits)
    stranger = CallBudget(other_agency.pk, "erp", limits, timing=patient.timing)

    budget.spend(REST)
    budget.spend(BULK)
    stranger.spend(REST)

    assert patient.waits == []


@pytest.mark.parametrize(
    ("priority", "calls"),
    [
        (Priority.PAYMENTS, 100),
        (Priority.AGREEMENTS, 95),
        (Priority.LOADS, 80),
        (Priority.REGISTRATION, 60),
    ],
)
def test_a_priority_leaves_the_rest_of_the_day_to_higher_ones(make_budget, priority, calls):
    assert spend_all(make_budget(FREE, priority)) == calls


def test_what_one_priority_spent_is_gone_for_all(make_budget):
    assert spend_all(make_budget(FREE, Priority.PAYMENTS)) == 100

    assert spend_all(make_budget(FREE, Priority.REGISTRATION)) == 0


def test_the_smallest_package_has_bulk_calls_for_several_loads_a_day(make_budget):
    assert spend_all(make_budget(FREE), BULK) == 8


def test_a_spent_day_says_until_when(make_budget):
    budget = make_budget(FREE)
    spend_all(budget)

    with pytest.raises(BudgetError, match="20/11/2026 às 00:00") as spent:
        budget.spend(REST)

    assert spent.value.retry_after == 12 * 3600 - 20


def test_tomorrow_there_are_calls_again(make_budget, patient):
    budget = make_budget(FREE)
    spend_all(budget)

    patient.at = NOON + timedelta(days=1)

    assert spend_all(budget) == 80


def test_without_a_known_quota_there_is_no_daily_limit(make_budget):
    budget = make_budget({REST: PoolLimit(100_000)})

    for _ in range(300):
        budget.spend(REST)


def test_the_provider_knows_of_calls_that_others_made(make_budget):
    budget = make_budget(FREE)
    budget.spend(REST)

    budget.heard(REST, remaining=30, limit=100)

    assert spend_all(budget) == 10


def test_the_provider_never_gives_calls_back(make_budget):
    budget = make_budget(FREE)
    spend_all(budget)

    budget.heard(REST, remaining=99, limit=100)

    assert spend_all(budget) == 0


def test_a_day_the_provider_closed_is_closed_without_a_known_quota(make_budget):
    budget = make_budget()
    budget.spend(REST)

    budget.heard(REST, remaining=0, limit=None)

    assert spend_all(budget) == 0
    assert spend_all(make_budget()) == 1


def test_silence_about_the_day_changes_nothing(make_budget):
    budget = make_budget(FREE)

    budget.heard(REST, remaining=None, limit=None)

    assert spend_all(budget) == 80


@pytest.fixture
def limited(monkeypatch):
    """Make the limits of an ERP known for as long as a test lasts."""
    monkeypatch.setattr(budget, "_LIMITED", dict(budget._LIMITED))
    return lambda limits: register_limits("erp", lambda _: limits)


def test_the_screen_sees_what_is_left_and_who_spent_it(make_budget, limited, agency, other_agency):
    limited(FREE)
    for priority in (Priority.LOADS, Priority.LOADS, Priority.PAYMENTS):
        make_budget(FREE, priority).spend(REST)

    rest, bulk = budget_left(agency, "erp", lambda: NOON)

    assert (rest.day_left, rest.minute_used, bulk.day_left) == (97, 3, 10)
    assert rest.by_priority == {"Cargas": 2, "Pagamentos e conferências": 1}
    assert rest.resets_at.isoformat() == "2026-11-20T00:00:00-03:00"
    assert budget_left(other_agency, "erp", lambda: NOON)[0].day_left == 100


def test_the_screen_sees_a_day_closed_by_the_provider(make_budget, limited, agency):
    limited({REST: PoolLimit(195)})
    make_budget().close_day(REST)

    (rest,) = budget_left(agency, "erp", lambda: NOON)

    assert rest.is_closed
    assert rest.day_left == 0


def test_old_windows_are_forgotten(make_budget, agency, patient):
    make_budget().spend(REST)
    patient.at = NOON + timedelta(days=2)
    make_budget().spend(REST)

    forgotten = forget_usage(agency, NOON + timedelta(days=1))

    with scope(agency=agency):
        days = set(CallUsage.objects.values_list("window", flat=True))
    assert forgotten == 3
    assert days == {"2026-11-21 12:00", "2026-11-21"}


@pytest.mark.django_db(transaction=True)
def test_processes_together_never_spend_more_than_there_is(patient):
    agency = factories.make_agency()
    limits = {REST: PoolLimit(1_000, 100)}

    def worker(_: int) -> int:
        try:
            return spend_all(CallBudget(agency.pk, "erp", limits, timing=patient.timing))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        spent = list(pool.map(worker, range(4)))

    assert sum(spent) == 80
