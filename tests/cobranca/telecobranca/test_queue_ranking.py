"""Who belongs where in the queue, against a ranking in plain Python."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cobranca.accounts.models import Team
from cobranca.debtors.models import Debtor, DebtorSummary
from cobranca.telecobranca.models import ContractAssignment, QueueEntry, QueueState, WorkQueue
from cobranca.telecobranca.queue_filters import filters_met
from cobranca.telecobranca.queue_rules import (
    FULL_AT,
    Criterion,
    Facts,
    Rule,
    parts_of,
    points_of,
    rank_of,
    stored,
)
from cobranca.telecobranca.queue_sql import PARKED
from cobranca.telecobranca.selectors_queue import facts_of, why_next
from cobranca.telecobranca.services import queue
from tests import factories
from tests.cobranca.telecobranca.queueing import (
    AT,
    ON,
    in_order,
    make_owing,
    make_queue,
    ranked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


# --- order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "facts", "points"),
    [
        pytest.param(("days_late", 40, 180), {"days_late": 90}, 20_000, id="half the days"),
        pytest.param(("days_late", 40, 180), {"days_late": 999}, 40_000, id="no more than all"),
        pytest.param(("days_late", 40, 180), {"days_late": -5}, 0, id="not due yet"),
        pytest.param(("total", -50, 1000), {"total": Decimal("999.99")}, -49_950, id="later"),
        pytest.param(("last_contact", 10, 30), {"quiet_days": None}, 10_000, id="never contacted"),
        pytest.param(("last_contact", 10, 30), {"quiet_days": 3}, 1000, id="three days ago"),
        pytest.param(("promise", 60, 1), {"promise_on": ON}, 60_000, id="due today"),
        pytest.param(("promise", 60, 1), {"promise_on": ON + timedelta(1)}, 0, id="due tomorrow"),
        pytest.param(("score", 10, 1000), {"score": None}, 0, id="no score"),
        pytest.param(("score", 10, 1000), {"score": 777}, 7770, id="some score"),
    ],
)
def test_points_of_a_criterion(rule, facts, points):
    nothing = {"days_late": 0, "total": Decimal(0), "quiet_days": 0, "promise_on": None}
    told = Facts(**({**nothing, "score": None} | facts))

    assert points_of([Rule(*rule)], told, ON) == points


def test_who_has_more_points_comes_first(agency):
    make_queue(agency, rules={"days_late": (50, 100), "total": (50, 1000)})
    old = make_owing(agency, days_late=100, total="10")
    rich = make_owing(agency, days_late=10, total="1000")
    both = make_owing(agency, days_late=90, total="900")

    assert ranked(agency) == [both.pk, rich.pk, old.pk]


def test_an_earlier_queue_comes_before_whatever_the_points(agency):
    make_queue(agency, "Depois", position=20)
    make_queue(agency, "Antes", position=10, max_days_late=5)
    old = make_owing(agency, days_late=900, total="90000")
    young = make_owing(agency, days_late=2, total="1")

    assert ranked(agency) == [young.pk, old.pk]


def test_a_queue_that_is_off_takes_nobody(agency):
    make_queue(agency, is_active=False)
    make_owing(agency)

    assert ranked(agency) == []


# --- against plain Python -------------------------------------------------------------------------

days = st.integers(-3, 12)
# Mostly without limits: a queue that takes nobody shows no order.
limits = st.one_of(st.none(), st.none(), st.none(), st.integers(0, 10))
orders = st.dictionaries(
    st.sampled_from(Criterion.values),
    st.tuples(st.integers(-100, 100).filter(bool), st.integers(1, 12)),
    min_size=2,
)
debtors = st.fixed_dictionaries(
    {
        "days_late": days,
        "total": st.integers(0, 1200).map(lambda cents: str(Decimal(cents) / 100)),
        "quiet": st.one_of(st.none(), st.integers(0, 12)),
        "promise": st.one_of(st.none(), st.integers(-3, 3)),
        "score": st.one_of(st.none(), st.integers(0, 1000).map(str), st.sampled_from(["", "alto"])),
        "is_blocked": st.sampled_from([False, False, False, True]),
    }
)
queues = st.fixed_dictionaries(
    {
        "min_days_late": limits,
        "max_days_late": limits,
        "min_total": limits,
        "max_total": limits,
        "quiet_days": limits,
        "promise": st.sampled_from(["any", "any", "any", "none", "due", "open"]),
        "min_score": st.sampled_from([None, None, None, 0, 300]),
        "rules": orders,
    }
)


@settings(max_examples=20)
@given(people=st.lists(debtors, min_size=3, max_size=6), rules=st.lists(queues, max_size=3))
def test_the_ranking_is_the_one_of_plain_python(agency, people, rules):
    WorkQueue.objects.all().delete()
    DebtorSummary.objects.all().delete()
    made = [make_queue(agency, str(n), position=n, **told) for n, told in enumerate(rules)]
    for told in people:
        make_person(agency, told)

    ranked(agency)

    found = {e.pk: (e.queue_id, e.rank) for e in QueueEntry.objects.exclude(pool=PARKED)}
    assert found == by_hand(made)


def make_person(agency: Any, told: dict[str, Any]) -> Debtor:
    quiet, promise = told["quiet"], told["promise"]
    return make_owing(
        agency,
        days_late=told["days_late"],
        total=told["total"],
        details={} if told["score"] is None else {"score": told["score"]},
        is_blocked=told["is_blocked"],
        last_contact_at=None if quiet is None else AT - timedelta(days=quiet),
        next_promise_on=None if promise is None else ON + timedelta(days=promise),
        phone="",
        state="",
    )


def by_hand(made: list[WorkQueue]) -> dict[int, tuple[int, int]]:
    """Rank everybody a row at a time, by what "why?" shows."""
    found = {}
    for summary in DebtorSummary.objects.select_related("debtor"):
        facts = facts_of(summary, ON)
        for order, each in enumerate(made, 1):
            each.refresh_from_db()
            if summary.is_blocked or summary.open_total <= 0:
                continue
            if all(met.is_met for met in filters_met(each, facts, ON)):
                rules = [Rule(**row) for row in each.ordering]
                found[summary.pk] = (each.pk, rank_of(order, points_of(rules, facts, ON)))
                break
    return found


# --- contracts ------------------------------------------------------------------------------------


@pytest.fixture
def contract(agency, creditor):
    branch = factories.make_branch(creditor)
    made = factories.make_contract(creditor, make_owing(agency), branch=branch)
    factories.make_contract(factories.make_creditor(agency), make_owing(agency))
    return made


def test_creditors_and_branches_are_asked_of_the_same_contract(agency, creditor, contract):
    only = make_queue(agency, creditors=[creditor], branches=[contract.branch])
    assert ranked(agency) == [contract.debtor_id]

    only.branches.set([factories.make_branch(creditor)])
    assert ranked(agency) == []


def test_a_finished_contract_is_none(agency, creditor, contract):
    make_queue(agency, creditors=[creditor])
    type(contract).objects.filter(pk=contract.pk).update(status="finished")

    assert ranked(agency) == []


def test_a_campaign_is_the_one_that_prices_the_contract(agency, creditor, contract):
    general = factories.make_campaign(creditor)
    make_queue(agency, campaigns=[general])
    assert ranked(agency) == [contract.debtor_id]

    better = factories.make_campaign(creditor, priority=5, branch_ids=[contract.branch_id])
    assert ranked(agency) == []

    type(better).objects.filter(pk=better.pk).update(valid_to=ON - timedelta(days=1))
    assert ranked(agency) == [contract.debtor_id]


def test_a_queue_may_be_for_what_a_team_works(agency, contract):
    team = Team(agency=agency, name="Norte")
    team.save()
    make_queue(agency, teams=[team])
    assert ranked(agency) == []

    ContractAssignment(agency=agency, contract=contract, team=team).save()
    assert ranked(agency) == [contract.debtor_id]
    assert QueueEntry.objects.get().pool == team.pk


def test_what_is_distributed_to_a_collector_is_theirs(agency, contract, collector):
    team = Team(agency=agency, name="Norte")
    team.save()
    make_queue(agency)
    ContractAssignment(agency=agency, contract=contract, team=team, collector=collector).save()
    ranked(agency)
    assert QueueEntry.objects.get(pk=contract.debtor_id).pool == -collector.pk

    collector.is_active = False
    collector.save()
    ranked(agency)
    assert QueueEntry.objects.get(pk=contract.debtor_id).pool == team.pk

    Team.objects.update(is_active=False)
    ranked(agency)
    assert QueueEntry.objects.get(pk=contract.debtor_id).pool == 0


# --- who never comes ------------------------------------------------------------------------------


def test_who_must_not_be_contacted_or_owes_nothing_is_not_in_it(agency):
    make_queue(agency, min_days_late=None)
    make_owing(agency, is_blocked=True)
    make_owing(agency, total="0")
    merged, hidden, owing = (make_owing(agency) for _ in range(3))
    Debtor.objects.filter(pk=merged.pk).update(merged_into=owing)
    Debtor.objects.filter(pk=hidden.pk).update(anonymised_at=AT)

    assert ranked(agency) == [owing.pk]


def test_a_block_takes_the_debtor_out_at_once(agency):
    make_queue(agency)
    debtor = make_owing(agency)
    assert ranked(agency) == [debtor.pk]

    DebtorSummary.objects.filter(pk=debtor.pk).update(is_blocked=True)

    assert in_order() == []


def test_a_merge_and_an_anonymisation_take_out_at_once(agency):
    make_queue(agency)
    gone, kept, hidden = (make_owing(agency) for _ in range(3))
    ranked(agency)

    Debtor.objects.filter(pk=gone.pk).update(merged_into=kept)
    Debtor.objects.filter(pk=hidden.pk).update(anonymised_at=AT)

    assert in_order() == [kept.pk]


def test_another_agencys_debtors_are_not_touched(agency, other_agency):
    from django_scopes import scope

    make_queue(agency)
    with scope(agency=other_agency):
        make_queue(other_agency)
        theirs = make_owing(other_agency)

    assert ranked(agency) == []
    with scope(agency=other_agency):
        assert ranked(other_agency) == [theirs.pk]


# --- again ----------------------------------------------------------------------------------------


def test_ranking_again_changes_nothing(agency):
    make_queue(agency)
    make_owing(agency)

    assert queue.refresh_queue(agency.pk, ON, AT).changed == 1
    assert queue.refresh_queue(agency.pk, ON, AT).changed == 0
    assert QueueState.objects.get().ranked_on == ON


def test_pauses_and_holds_outlast_a_ranking(agency, collector):
    make_queue(agency)
    debtor = make_owing(agency)
    ranked(agency)
    later = AT + timedelta(days=2)
    queue.release(debtor.pk, at=AT, available_at=later, reserved_for=collector)
    DebtorSummary.objects.update(open_total=7000)

    ranked(agency)

    entry = QueueEntry.objects.get()
    assert (entry.available_at, entry.reserved_for_id) == (later, collector.pk)


def test_who_fits_no_more_keeps_a_pause_and_is_drawn_by_nobody(agency, collector):
    make_queue(agency, promise="none")
    debtor = make_owing(agency)
    ranked(agency)
    queue.release(debtor.pk, at=AT, available_at=AT + timedelta(hours=1))
    DebtorSummary.objects.update(next_promise_on=ON + timedelta(days=3))

    ranked(agency)
    assert QueueEntry.objects.get().pool == PARKED
    DebtorSummary.objects.update(next_promise_on=None)
    ranked(agency)
    assert QueueEntry.objects.get().pool == 0
    DebtorSummary.objects.update(next_promise_on=ON + timedelta(days=3))
    assert ranked(agency, at=AT + timedelta(hours=2)) == []


def test_a_reminder_let_pass_is_everybodys(agency, collector):
    make_queue(agency)
    debtor = make_owing(agency)
    ranked(agency)
    queue.release(debtor.pk, at=AT, available_at=AT, reserved_for=collector)

    ranked(agency, at=AT + timedelta(hours=1))
    assert QueueEntry.objects.get().reserved_for_id == collector.pk
    ranked(agency, at=AT + timedelta(hours=3))
    assert QueueEntry.objects.get().reserved_for_id is None


def test_places_follow_residence_and_number(agency):
    make_queue(agency)
    debtor = make_owing(agency, state="AM", phone="4733330000")
    nobody = make_owing(agency, state="", phone="")
    odd = make_owing(agency, state="SP", phone="08007770000")
    ranked(agency)
    assert places() == {debtor.pk: "AM-SC", nobody.pk: "-", odd.pk: "SP-"}

    debtor.phone_set.update(is_active=False)
    debtor.phone_set.create(agency=agency, number="21999990000")
    type(debtor.phone_set.get(is_active=False)).objects.update(updated_at=AT)
    ranked(agency, at=AT + timedelta(minutes=31))
    assert places()[debtor.pk] == "AM-RJ"


def places() -> dict[int, str]:
    return dict(QueueEntry.objects.values_list("pk", "place"))


def test_a_few_are_ranked_like_all(agency, creditor, contract):
    make_queue(agency, "Credor", creditors=[creditor], position=1)
    make_queue(agency, "Todos", position=2)
    everybody = ranked(agency)
    before = list(QueueEntry.objects.order_by("pk").values_list("pk", "queue_id", "rank", "pool"))
    QueueEntry.objects.all().delete()

    queue.refresh_debtors(agency.pk, everybody[:1], on=ON, at=AT)
    assert in_order() == everybody[:1]
    queue.refresh_debtors(agency.pk, everybody, on=ON, at=AT)

    after = QueueEntry.objects.order_by("pk").values_list("pk", "queue_id", "rank", "pool")
    assert list(after) == before


def test_a_ranking_takes_as_many_queries_for_many(agency):
    make_queue(agency)
    make_queue(agency, "Outra", position=20)
    queue.refresh_queue(agency.pk, ON, AT)

    assert queries_for(agency, people=1) == queries_for(agency, people=5)


def queries_for(agency: Any, people: int) -> int:
    """Rank so many new debtors; return the number of queries."""
    for _ in range(people):
        make_owing(agency)
    with CaptureQueriesContext(connection) as captured:
        assert queue.refresh_queue(agency.pk, ON, AT).changed == people
    return len(captured)


# --- why? -----------------------------------------------------------------------------------------


def test_why_gives_the_parts_that_make_the_rank(agency, creditor, contract):
    made = make_queue(agency, creditors=[creditor], max_days_late=90)
    ranked(agency)

    why = why_next(contract.debtor_id, on=ON)

    assert why is not None
    assert why.entry is not None
    assert why.entry.rank == rank_of(1, int(why.points * 1000))
    assert [part.rule.by for part in why.parts] == [row["by"] for row in made.ordering]
    assert [(met.label, met.is_met) for met in why.filters] == [
        ("Atraso", True),
        ("Contrato", True),
    ]
    assert why.ahead == 0


def test_why_says_who_is_out_and_why(agency, other_agency):
    from django_scopes import scope

    blocked, paid = make_owing(agency, is_blocked=True), make_owing(agency, total="0")

    assert "bloqueio" in why_next(blocked.pk, on=ON).why_out
    assert "Não deve" in why_next(paid.pk, on=ON).why_out
    with scope(agency=other_agency):
        assert why_next(paid.pk, on=ON) is None


def test_nonsense_in_an_ordering_is_passed_over(agency):
    made = make_queue(agency)
    made.ordering = {"marca": "x"}
    made.save()
    debtor = make_owing(agency)

    assert ranked(agency) == [debtor.pk]
    assert why_next(debtor.pk, on=ON).parts == []


def test_a_criterion_has_a_measure_that_earns_all_of_it():
    facts = Facts(5, Decimal(1), None, date(2026, 1, 1), 3)
    rules = [Rule(by, 1, full) for by, full in FULL_AT.items()]

    assert [row["by"] for row in stored(rules)] == Criterion.values
    assert len(parts_of(rules, facts, ON)) == len(Criterion)
