"""Whatever is lost, cut or done twice: one agreement is one renegotiation in the ERP."""

import threading

import pytest
from django.db import connection
from django_scopes import scope

from cobranca.agreements.services import integrate_agreement
from cobranca.agreements.states import Mode
from cobranca.contracts.models import Installment, Negotiation
from integrations.core.models import ErpOperation
from tests.flows.agreeing import (
    agree,
    bill_of,
    operation_of,
    our_book,
    their_book,
)
from tests.flows.integrated.afterwards import (
    fresh,
    minutes_later,
    next_load,
)


def test_an_answer_lost_after_the_erp_accepted_makes_no_second_renegotiation(desk, actor, contract):
    desk.erp.fault("reset-after-apply", "remade-installments", method="POST", count=1)

    agreement = agree(desk, contract, actor)

    assert agreement.status == "active"
    assert len(bill_of(desk, contract)["remakings"]) == 1
    assert our_book(contract) == their_book(desk, contract)
    assert "Encontrada no ERP" in operation_of(agreement).steps.get(step="accepted").message


def test_lost_while_the_erp_shows_nothing_either_it_waits_and_is_found_later(desk, actor, contract):
    desk.erp.fault("reset-after-apply", "remade-installments", method="POST")
    # The very first look, before anything is sent, passes.
    desk.erp.fault("500", "remade-installments", method="GET", nth=list(range(2, 60)))

    agreement = agree(desk, contract, actor)
    assert (agreement.status, agreement.waits_for) == ("waiting", "erp")
    assert "fora do ar" in agreement.reason
    desk.erp.heal()
    minutes_later()

    assert fresh(agreement).status == "active"
    assert len(bill_of(desk, contract)["remakings"]) == 1
    assert our_book(contract) == their_book(desk, contract)


def test_cut_before_the_erp_did_it_is_sent_again_once_it_is_settled(desk, actor, contract):
    desk.erp.fault("cut-before-headers", "remade-installments", method="POST", count=1)

    agreement = agree(desk, contract, actor)
    assert agreement.waits_for == "erp"
    assert bill_of(desk, contract)["remakings"] == []
    minutes_later(1.5)
    assert fresh(agreement).waits_for == "erp"  # the request may still be under way

    minutes_later(5)

    assert fresh(agreement).status == "active"
    assert len(bill_of(desk, contract)["remakings"]) == 1


@pytest.mark.parametrize("lost", [False, True])
def test_two_at_once_write_once(desk, actor, contract, lost):
    proposal = agree(desk, contract, actor, mode=Mode.PROPOSAL)
    desk.erp.fault("slow", "remade-installments", seconds=0.3)
    if lost:
        desk.erp.fault("reset-after-apply", "remade-installments", method="POST", count=1)
    ready, ended = threading.Barrier(3), []

    def integrate():
        with scope(agency=desk.agency):
            ready.wait()
            try:
                done = integrate_agreement(agreement_id=proposal.pk, actor=actor, on=desk.day)
                ended.append(done.status)
            finally:
                connection.close()

    threads = [threading.Thread(target=integrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.erp.heal()
    minutes_later()

    assert len(ended) == 3
    assert fresh(proposal).status == "active"
    assert len(bill_of(desk, contract)["remakings"]) == 1
    assert our_book(contract) == their_book(desk, contract)
    assert ErpOperation.objects.count() == 1


def test_a_load_in_between_finds_the_same_agreement(desk, actor, contract):
    """The mirror sees the renegotiation before the agreement has heard of it."""
    desk.erp.fault("reset-after-apply", "remade-installments", method="POST")
    desk.erp.fault("500", "remade-installments", method="GET", nth=list(range(2, 60)))
    agreement = agree(desk, contract, actor)
    desk.erp.heal()
    next_load(desk, full=True)
    assert fresh(agreement).waits_for == "erp"

    minutes_later()

    assert fresh(agreement).status == "active"
    assert our_book(contract) == their_book(desk, contract)
    made = Installment.objects.filter(contract=contract, negotiation__gt=1)
    assert {row.status for row in made} == {"negotiated"}
    assert Negotiation.objects.filter(contract=contract, is_agreement=True).count() == 1
