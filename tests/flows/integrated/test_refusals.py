"""What the ERP refuses, and what is called off, leaves nothing behind in either book."""

import pytest

from cobranca.agreements.models import Agreement
from cobranca.agreements.services import cancel_agreement, integrate_agreement
from cobranca.agreements.states import Mode
from cobranca.contracts.erp import ErpRefusalError
from integrations.core.operations import running
from tests.flows.agreeing import (
    agree,
    bill_of,
    operation_of,
    our_book,
    their_book,
)
from tests.flows.integrated.afterwards import fresh, late_numbers, minutes_later


def test_what_the_erp_refuses_leaves_nothing_and_shows_its_words(desk, actor, contract):
    before = our_book(contract)
    proposal = agree(desk, contract, actor, mode=Mode.PROPOSAL)
    # Settled there a moment ago; nobody here knows.
    paid = late_numbers(desk, contract)[0]
    desk.erp.act("pay", bill=int(contract.external_id), installment=paid)

    with pytest.raises(ErpRefusalError) as refusal:
        integrate_agreement(agreement_id=proposal.pk, actor=actor, on=desk.day)

    assert f"não mostra saldo da(s) parcela(s) {paid}" in refusal.value.message
    assert fresh(proposal).status == "cancelled"
    assert refusal.value.message in fresh(proposal).reason
    assert our_book(contract) == before
    assert bill_of(desk, contract)["remakings"] == []


def test_a_422_of_the_write_itself_is_shown_in_the_erps_words(desk, actor, contract, monkeypatch):
    before = our_book(contract)
    real = running.steps.move

    def pay_meanwhile(operation, target, *args, **columns):
        real(operation, target, *args, **columns)
        if target == "sending":
            desk.erp.act("pay", bill=int(contract.external_id), installment=number)

    number = late_numbers(desk, contract)[0]
    monkeypatch.setattr(running.steps, "move", pay_meanwhile)

    with pytest.raises(ErpRefusalError, match="Parcela sem saldo para reparcelamento"):
        agree(desk, contract, actor)

    agreement = Agreement.objects.get()
    assert (agreement.status, operation_of(agreement).step) == ("cancelled", "refused")
    assert agreement.reason.startswith("Recusado pelo ERP: Parcela sem saldo")
    assert our_book(contract) == before


def test_without_the_permission_it_is_refused_and_called_off(desk, actor, contract):
    desk.erp.fault("403", "remade-installments", method="POST")

    with pytest.raises(ErpRefusalError, match="não tem permissão"):
        agree(desk, contract, actor)

    assert Agreement.objects.get().status == "cancelled"


def test_a_title_renegotiated_by_hand_is_not_renegotiated_again(desk, actor, contract):
    proposal = agree(desk, contract, actor, mode=Mode.PROPOSAL)
    ahead = contract.installments.filter(status="open", due_date__gt=desk.day).first()
    desk.erp.act(
        "renegotiate", bill=int(contract.external_id), installments=[ahead.number], parts=2
    )

    with pytest.raises(ErpRefusalError, match="Só um reparcelamento por contrato"):
        integrate_agreement(agreement_id=proposal.pk, actor=actor, on=desk.day)

    assert len(bill_of(desk, contract)["remakings"]) == 1


def test_called_off_while_it_waits_it_is_undone_over_there(desk, actor, contract):
    before = our_book(contract)
    desk.erp.fault("reset-after-apply", "remade-installments", method="POST")
    desk.erp.fault("500", "remade-installments", method="GET", nth=list(range(2, 60)))
    agreement = agree(desk, contract, actor)
    desk.erp.heal()

    cancel_agreement(agreement_id=agreement.pk, actor=actor, on=desk.day, reason="Desistiu")
    minutes_later()

    assert bill_of(desk, contract)["remakings"] == []
    assert our_book(contract) == their_book(desk, contract) == before
    assert operation_of(agreement).step == "undone"
