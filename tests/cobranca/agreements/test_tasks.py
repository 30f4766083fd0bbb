from datetime import UTC, date, datetime, timedelta

import pytest

from cobranca.agreements import tasks
from cobranca.agreements.parameters import DAYS_TO_BREACH
from cobranca.agreements.states import Mode
from cobranca.contracts.models import Event, Recall
from cobranca.contracts.states import InstallmentStatus as Status
from cobranca.scheduling.registry import RunContext, task_type
from tests import factories
from tests.cobranca.agreements.making import (
    agree,
    fresh,
    make_book,
    make_plain_campaign,
    set_parameter,
)

FIRST_DUE = date(2026, 4, 10)
LATE = datetime(2026, 4, 20, 9, tzinfo=UTC)


def run(agency, at=LATE, creditor="todos", is_ours=lambda: True):
    context = RunContext(1, agency, {"creditor": creditor}, at, None, is_ours)
    return task_type(tasks.CODE).run(context)


@pytest.fixture
def agreements(creditor, campaign, collector):
    """Four debtors with an agreement each, all due on the same day."""
    made = []
    for _ in range(4):
        contract = factories.make_contract(creditor, factories.make_debtor(creditor.agency))
        make_book(contract, ["900.00"])
        made.append(agree(contract, collector, parts=3, first_due=FIRST_DUE))
    return made


def test_what_is_late_is_broken_and_counted(agency, agreements):
    told = run(agency)

    assert {fresh(each).status for each in agreements} == {"broken"}
    assert told["broken"] == 4
    assert told["message"].startswith("4 acordos quebrados, 0 encerrados pelo ERP")


def test_the_day_before_nothing_is(agency, agreements):
    assert run(agency, at=LATE - timedelta(days=1))["broken"] == 0


def test_the_office_day_counts_not_that_of_greenwich(agency, agreements):
    early = datetime(2026, 4, 20, 1, tzinfo=UTC)  # still the 19th in São Paulo

    assert run(agency, at=early)["broken"] == 0


def test_run_again_it_finds_nothing(agency, agreements):
    run(agency)

    assert run(agency)["broken"] == 0
    assert Event.objects.filter(kind="breach").count() == 4


def test_a_worker_that_lost_the_run_stops_and_the_next_goes_on(agency, agreements):
    answers = iter([True, True, False])

    first = run(agency, is_ours=lambda: next(answers))
    second = run(agency)

    assert (first["broken"], second["broken"]) == (2, 2)


def test_a_creditor_with_a_broken_setting_does_not_stop_the_others(
    agency, agreements, collector, debtor
):
    other = factories.make_creditor(agency)
    make_plain_campaign(other)
    contract = factories.make_contract(other, debtor)
    make_book(contract, ["900.00"])
    left = agree(contract, collector, parts=3, first_due=FIRST_DUE)
    set_parameter(DAYS_TO_BREACH, "dez", agreements[0].creditor)

    told = run(agency)

    assert (told["broken"], fresh(left).status) == (1, "broken")
    assert (
        "“Dias de atraso para a quebra automática (0 = nunca)” tem um valor inv"
        in (told["message"])
    )


def test_received_in_the_erp_it_is_settled_and_not_broken(agency, agreements):
    contract = agreements[0].items.get().contract
    contract.installments.update(status=Status.RECALLED)
    Recall.objects.create(agency=agency, contract=contract, number=1, reason="payment",
                          recalled_on=FIRST_DUE)  # fmt: skip

    told = run(agency)

    assert (told["closed"], told["broken"]) == (1, 3)
    assert fresh(agreements[0]).status == "settled"


def test_old_proposals_expire(agency, contract, collector):
    proposal = agree(contract, collector, Mode.PROPOSAL)

    assert run(agency)["expired"] == 1
    assert fresh(proposal).status == "cancelled"


def test_one_creditor_may_be_chosen(agency, agreements):
    other = factories.make_creditor(agency)

    assert run(agency, creditor=str(other.pk))["broken"] == 0
    assert run(agency, creditor=str(agreements[0].creditor_id))["broken"] == 4


def test_it_offers_the_agencys_creditors_and_a_ready_schedule(agency, in_scope, creditor):
    kind = task_type(tasks.CODE)

    assert kind.label == "Quebra automática de acordos"
    assert dict(kind.fields[0].choices(agency))[str(creditor.pk)] == str(creditor)
    assert kind.models[0].frequency == "daily"
