from datetime import timedelta

import pytest

from cobranca.agreements.services import break_agreement, cancel_agreement, expire_proposal
from cobranca.agreements.states import Mode
from cobranca.audit.models import AuditEntry
from cobranca.common.errors import DomainError, NotFoundError
from cobranca.contracts.states import InstallmentStatus as Status
from tests.cobranca.agreements.making import TODAY, agree, fresh, last_event, pay, statuses


def cancel(agreement, actor, reason="Engano"):
    return cancel_agreement(agreement_id=agreement.pk, actor=actor, on=TODAY, reason=reason)


@pytest.mark.parametrize("mode", [Mode.PROPOSAL, Mode.ACTIVE])
def test_cancelled_it_lets_go_of_everything(contract, collector, mode):
    agreement = agree(contract, collector, mode)

    cancel(agreement, collector)

    gone = fresh(agreement)
    assert (gone.status, gone.closed_on, gone.reason) == ("cancelled", TODAY, "Engano")
    assert statuses(contract) == [Status.OPEN] * 3
    assert not gone.items.filter(is_live=True).exists()
    assert {parcel.status for parcel in gone.parcels.all()} == {"cancelled"}


def test_the_timeline_and_the_trail_say_why(contract, collector):
    cancel(agree(contract, collector), collector)

    event = last_event("agreement")
    assert (event.title, event.actor) == ("Acordo cancelado", collector)
    assert event.text.endswith("\nEngano")
    entry = AuditEntry.objects.get(action="agreement.cancelled")
    assert entry.changes == {
        "situação": ["Vigente", "Cancelado"], "motivo": ["Vazio", "Engano"],
    }  # fmt: skip


def test_a_proposal_cancelled_leaves_the_agreement_that_won_alone(contract, collector):
    proposal = agree(contract, collector, Mode.PROPOSAL)
    winner = agree(contract, collector)

    cancel(proposal, collector)

    assert fresh(winner).status == "active"
    assert statuses(contract) == [Status.NEGOTIATED] * 3
    assert winner.items.filter(is_live=True).count() == 3


def test_with_payments_it_is_not_cancelled(contract, collector):
    agreement = agree(contract, collector)
    pay(agreement, collector, "10.00")

    with pytest.raises(DomainError, match=r"já recebeu R\$ 10,00: estorne .* ou quebre"):
        cancel(agreement, collector)


def test_in_the_erp_it_is_cancelled_there(contract, collector):
    agreement = agree(contract, collector)
    type(agreement).objects.update(is_integrated=True)

    with pytest.raises(DomainError, match="exclua o reparcelamento no ERP"):
        cancel(agreement, collector)


def test_what_is_over_is_over(contract, collector):
    agreement = agree(contract, collector)
    break_agreement(agreement_id=agreement.pk, actor=collector, on=TODAY, reason="x")

    with pytest.raises(DomainError, match="está em “Quebrado” e não pode"):
        cancel(agreement, collector)


def test_an_agreement_there_is_not(in_scope, collector):
    with pytest.raises(NotFoundError):
        cancel_agreement(agreement_id=1, actor=collector, on=TODAY, reason="x")


def test_a_reason_has_a_limit(contract, collector):
    agreement = agree(contract, collector)

    for reason in ("", " \n ", "x" * 301):
        with pytest.raises(DomainError) as refusal:
            cancel(agreement, collector, reason)
        assert refusal.value.field == "reason"


def test_an_old_proposal_expires_by_itself(contract, collector):
    proposal = agree(contract, collector, Mode.PROPOSAL)

    assert not expire_proposal(agreement_id=proposal.pk, on=TODAY + timedelta(days=5))
    assert expire_proposal(agreement_id=proposal.pk, on=TODAY + timedelta(days=6))
    assert not expire_proposal(agreement_id=proposal.pk, on=TODAY + timedelta(days=7))

    assert fresh(proposal).reason == "A proposta passou dos 5 dias de validade."
    assert last_event("agreement").actor is None


def test_an_agreement_in_force_does_not_expire(contract, collector):
    agreement = agree(contract, collector)

    assert not expire_proposal(agreement_id=agreement.pk, on=TODAY + timedelta(days=999))
